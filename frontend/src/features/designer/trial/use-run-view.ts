import { useEffect } from 'react';

import type { GraphStore } from '@/features/graph/graph-store';
import { foldEvents } from '@/history/fold';
import { viewOf } from '@/history/view';

import { useTrial } from './trial-store';

/** Shows on the canvas how the draft's last run went, until it is cleared. */
export function useRunView(graph: GraphStore, machine: string) {
  const run = useTrial((state) => (state.machine === machine ? state.run : null));
  useEffect(() => {
    if (!run) {
      graph.setState({ live: false, failed: false, states: new Map(), taken: new Set() });
      return;
    }
    const { states, taken } = viewOf(foldEvents(run.events), {});
    const failed = run.status !== 'SUCCEEDED';
    graph.setState({ live: true, running: false, failed, states, taken });
  }, [graph, run]);
}
