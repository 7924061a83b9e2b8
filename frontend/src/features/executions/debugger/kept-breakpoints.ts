import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';

import { keepBreakpoints, type Breakpoint } from '@/api/client';
import { breakpointsQuery } from '@/api/queries';
import { useShortcut } from '@/app/shortcuts';
import type { GraphStore } from '@/features/graph/graph-store';
import { toast } from '@/ui/feedback';

import { marksOf } from './marks';

const isBreakpoint = (event: KeyboardEvent) =>
  event.key === 'F9' && !event.ctrlKey && !event.altKey;

/** One's own breakpoints on the graph of a state machine: executions are started with them. */
export function useKeptBreakpoints(machine: string, store: GraphStore) {
  const queries = useQueryClient();
  const { queryKey } = breakpointsQuery(machine);
  const { data } = useQuery(breakpointsQuery(machine));
  const breakpoints = data?.breakpoints;
  const { mutate } = useMutation({
    mutationFn: (next: Breakpoint[]) => keepBreakpoints(machine, next),
    onSuccess: (kept) => queries.setQueryData(queryKey, kept),
    onError: ({ message }) => toast('error', message),
  });
  const toggle = useCallback(
    (name: string) => {
      if (!breakpoints) return;
      const others = breakpoints.filter(({ state }) => state !== name);
      const added: Breakpoint = { state: name, where: 'before', condition: null };
      mutate(others.length < breakpoints.length ? others : [...others, added]);
    },
    [breakpoints, mutate],
  );
  useEffect(() => {
    store.setState({
      debug: breakpoints ? marksOf(breakpoints, []) : null,
      toggleBreakpoint: toggle,
      select: (selected) => store.setState({ selected }),
    });
  }, [store, breakpoints, toggle]);
  const press = useCallback(() => {
    const { selected } = store.getState();
    if (selected !== null) toggle(selected);
  }, [store, toggle]);
  useShortcut(isBreakpoint, press);
}
