import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';

import { keepBreakpoints, breakpointsQuery, type Breakpoint } from '@/api/debugger';
import type { Paused } from '@/api/executions';
import { useShortcut } from '@/app/shortcuts';
import type { GraphStore } from '@/features/graph/graph-store';
import { toast } from '@/ui/feedback';

import { marksOf } from './marks';

const isBreakpoint = (event: KeyboardEvent) =>
  event.key === 'F9' && !event.ctrlKey && !event.altKey;

/** One's own breakpoints of a state machine, which need not exist yet, and how to change them. */
export function useBreakpoints(machine: string) {
  const queries = useQueryClient();
  const { queryKey } = breakpointsQuery(machine);
  const { data } = useQuery(breakpointsQuery(machine));
  const breakpoints = data?.breakpoints;
  const { mutate } = useMutation({
    mutationFn: (next: Breakpoint[]) => keepBreakpoints(machine, next),
    // Shown at once; what the server has kept is shown again if it refuses.
    onMutate: async (next) => {
      // What was asked before may be answered after it, and knows less.
      await queries.cancelQueries({ queryKey });
      queries.setQueryData(queryKey, { breakpoints: next });
    },
    onError: ({ message }) => {
      toast('error', message);
      void queries.invalidateQueries({ queryKey });
    },
  });
  return { breakpoints, keep: mutate };
}

const NOWHERE: readonly Pick<Paused, 'state' | 'where'>[] = [];

/**
 * One's own breakpoints on the graph of a state machine: executions are started with them. `paused`
 * has to be the same array as long as it says the same.
 */
export function useKeptBreakpoints(machine: string, store: GraphStore, paused = NOWHERE) {
  const { breakpoints, keep } = useBreakpoints(machine);
  const toggle = useCallback(
    (name: string) => {
      if (!breakpoints) return;
      const others = breakpoints.filter(({ state }) => state !== name);
      const added: Breakpoint = { state: name, where: 'before', condition: null };
      keep(others.length < breakpoints.length ? others : [...others, added]);
    },
    [breakpoints, keep],
  );
  useEffect(() => {
    store.setState({
      debug: breakpoints ? marksOf(breakpoints, paused) : null,
      toggleBreakpoint: toggle,
    });
  }, [store, breakpoints, paused, toggle]);
  const press = useCallback(() => {
    const { selected } = store.getState();
    if (selected !== null) toggle(selected);
  }, [store, toggle]);
  useShortcut(isBreakpoint, press);
}
