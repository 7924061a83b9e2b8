import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { replayQuery, type Divergence, type WhatIf } from '@/api/what-ifs';
import { PageFailed } from '@/app/failures';
import { Skeleton } from '@/ui/feedback';
import { Split } from '@/ui/split';

import { sentenceOf } from './paths';
import { ReplayGraph } from './replay-graph';
import { VerdictMark } from './results';

function Values({ recorded, replayed, pointer, kind }: Divergence) {
  if (kind === 'PATH' || kind === 'STATUS' || kind === 'NO_RESULT') return null;
  return (
    <dl className="divergence-values">
      {pointer !== '' && <dd className="mono muted divergence-pointer">{pointer}</dd>}
      <dt>was</dt>
      <dd className="mono">{recorded ?? 'nothing'}</dd>
      <dt>would be</dt>
      <dd className="mono">{replayed ?? 'nothing'}</dd>
    </dl>
  );
}

/** One execution of a question: both ways on the graph, and everything that differs. */
export function ReplayView({
  machine,
  whatIf,
  execution,
}: {
  machine: string;
  whatIf: WhatIf;
  execution: string;
}) {
  const query = useQuery(replayQuery(machine, whatIf.id, execution));
  const [place, setPlace] = useState<string | null>(null);
  if (query.isError) {
    return <PageFailed error={query.error} reset={() => void query.refetch()} />;
  }
  if (!query.data) {
    return (
      <div className="graph-skeleton" aria-busy="true" data-testid="loading">
        <Skeleton width={208} height={48} />
      </div>
    );
  }
  const replay = query.data;
  const first = replay.divergences.find((each) => each.place !== null)?.place ?? null;
  return (
    <div className="replay-view" data-testid="replay" data-name={execution}>
      <header className="replay-heading">
        <VerdictMark verdict={replay.verdict} />
        <Link
          to="/executions/$machine/$name"
          params={{ machine, name: execution }}
          className="mono ellipsis"
        >
          {execution}
        </Link>
      </header>
      <Split
        name="what-if-divergences"
        divider="horizontal"
        initial={200}
        least={80}
        most={520}
        label="Height of the list of divergences"
        main={
          replay.verdict === 'FAILED' ? (
            <p className="what-if-none muted">{replay.stop?.message}</p>
          ) : (
            <ReplayGraph
              machine={machine}
              whatIf={whatIf}
              replay={replay}
              selected={place ?? first}
            />
          )
        }
        panel={
          <ol className="divergences" aria-label="What would be otherwise">
            {replay.divergences.length === 0 && (
              <li className="what-if-none muted">
                {replay.verdict === 'SAME' && 'The same path through the states, the same output.'}
              </li>
            )}
            {replay.divergences.map((each, index) => (
              <li key={index}>
                <button
                  type="button"
                  className="divergence"
                  disabled={each.place === null}
                  onClick={() => setPlace(each.place)}
                  data-testid="divergence"
                  data-kind={each.kind}
                  data-place={each.place}
                >
                  <span className="divergence-kind">{each.kind.toLowerCase()}</span>
                  <span>{sentenceOf(each)}</span>
                  {each.scope !== null && <span className="muted">in {each.scope}</span>}
                </button>
                <Values {...each} />
              </li>
            ))}
          </ol>
        }
      />
    </div>
  );
}
