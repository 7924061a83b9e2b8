import { useEffect, useMemo } from 'react';

import type { GraphStore, Note } from '@/features/graph/graph-store';
import { foldEvents } from '@/history/fold';
import { viewOf } from '@/history/view';

import { stateOfPlace } from './pauses';
import { useTrial } from './trial-store';

/** The state at which a run stopped because nothing says what it gives. */
export function useMissingMock(machine: string): string | null {
  const stop = useTrial((state) =>
    state.machine === machine && state.pause === null ? state.run?.stop : null,
  );
  return stop?.reason === 'NO_RESULT' && stop.place !== null ? stateOfPlace(stop.place) : null;
}

/** What a card says that lacks a mock. */
export const MISSING_MOCK: Note = {
  severity: 'WARNING',
  count: 1,
  first: 'The run stopped here: no mock says what it gives',
};

/** Shows on the canvas how the draft's last run went, until it is cleared. */
export function useRunView(graph: GraphStore, machine: string) {
  const run = useTrial((state) => (state.machine === machine ? state.run : null));
  const pause = useTrial((state) => (state.machine === machine ? state.pause : null));
  const missing = useMissingMock(machine);
  useEffect(() => {
    if (!run) {
      graph.setState({ live: false, failed: false, states: new Map(), taken: new Set() });
      return;
    }
    const events = pause ? run.events.slice(0, pause.shown) : run.events;
    const view = viewOf(foldEvents(events), {});
    const states = new Map(view.states);
    // It does not run: it was never begun.
    if (missing !== null) states.delete(missing);
    const failed = pause === null && run.status !== 'SUCCEEDED';
    graph.setState({ live: true, running: false, failed, states, taken: view.taken });
  }, [graph, run, pause, missing]);
  return {
    missing,
    paused: useMemo(() => (pause ? [{ state: pause.state, where: pause.where }] : []), [pause]),
  };
}
