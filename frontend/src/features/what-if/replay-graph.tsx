import { useQuery } from '@tanstack/react-query';
import { FileWarning } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';

import { executionQuery } from '@/api/executions';
import { recordingQuery, replayEventsQuery, type Replay, type WhatIf } from '@/api/what-ifs';
import { parseDefinition, placesOf } from '@/asl/definition';
import { layOutDefinition } from '@/asl/layout/graph-layout';
import { PageFailed } from '@/app/failures';
import { Graph } from '@/features/executions/graph';
import { createGraphStore, GraphProvider } from '@/features/graph/graph-store';
import { unite } from '@/features/versions/union';
import { EmptyState, Skeleton } from '@/ui/feedback';

import { pathsOf, stateOf, statesLeftOut } from './paths';

/** One execution's two ways on one graph, with the points at which they part. */
export function ReplayGraph({
  machine,
  whatIf,
  replay,
  selected,
}: {
  machine: string;
  whatIf: WhatIf;
  replay: Replay;
  /** The place of the divergence that is looked at. */
  selected: string | null;
}) {
  const key = { machine, name: replay.executionName };
  const execution = useQuery(executionQuery(key));
  const recording = useQuery(recordingQuery(key));
  const replayed = useQuery(replayEventsQuery(machine, whatIf.id, replay.executionName));
  const [store] = useState(createGraphStore);

  const ranText = execution.data?.definition;
  const drawn = useMemo(() => {
    const other = parseDefinition(whatIf.definition);
    const ran = ranText === undefined ? null : parseDefinition(ranText);
    if (!other.ok || !ran?.ok) return null;
    const gone = statesLeftOut(ran.definition, other.definition).map((state) => ({
      kind: 'REMOVED' as const,
      state,
      path: '',
      sentence: '',
    }));
    const united = unite(ran.definition, other.definition, gone as never);
    return { names: new Set(placesOf(united).keys()), layout: layOutDefinition(united) };
  }, [whatIf.definition, ranText]);

  const before = recording.data;
  const after = replayed.data?.events;
  useEffect(() => {
    if (!before || !after || !drawn) return;
    const { states, taken, left, marks } = pathsOf(before, after, replay.divergences, drawn.names);
    store.setState({
      states,
      taken,
      left,
      paths: marks,
      live: true,
      failed: replay.status === 'FAILED',
      select: (name) => store.setState({ selected: name }),
    });
  }, [store, before, after, drawn, replay]);
  useEffect(() => {
    if (selected !== null && drawn) store.setState({ selected: stateOf(selected, drawn.names) });
  }, [store, selected, drawn]);

  const failure = execution.error ?? recording.error ?? replayed.error;
  if (failure) {
    return <PageFailed error={failure} reset={() => void replayed.refetch()} />;
  }
  if (!before || !after || ranText === undefined) {
    return (
      <div className="graph-skeleton" aria-busy="true" data-testid="loading">
        {[0, 1, 2].map((each) => (
          <Skeleton key={each} width={208} height={48} />
        ))}
      </div>
    );
  }
  if (!drawn) {
    return (
      <EmptyState icon={FileWarning} title="The definition cannot be read" tone="error">
        Look at its text.
      </EmptyState>
    );
  }
  return (
    <GraphProvider value={store}>
      <div className="replay-graph" data-testid="replay-graph">
        <Graph layout={drawn.layout} label={`Both ways of ${replay.executionName}`} />
        <ul className="path-legend" aria-label="Which way is which">
          <li data-went="both">both</li>
          <li data-went="recorded">as it was</li>
          <li data-went="replayed">as it would be</li>
        </ul>
      </div>
    </GraphProvider>
  );
}
