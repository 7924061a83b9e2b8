/** Debugging one execution: what is known of it, what can be told to it, which pause is looked at. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import {
  tellDebugger,
  debuggerQuery,
  type DebuggerCommand,
  type DebuggerView,
} from '@/api/debugger';
import type { Execution, Paused } from '@/api/executions';
import type { GraphStore } from '@/features/graph/graph-store';
import { toast } from '@/ui/feedback';

import { marksOf } from './marks';

export interface Then {
  done?: () => void;
  refused?: (why: string) => void;
}

export interface Debugging {
  view: DebuggerView | undefined;
  /** The execution can still be told something. */
  running: boolean;
  /** The pause that keys and the bar are about; null where nothing is paused. */
  active: Paused | null;
  activate: (at: string) => void;
  /** What is refused is said where it was asked for, or else beside the page. */
  tell: (command: DebuggerCommand, then?: Then) => void;
  isTelling: boolean;
}

/** How long a state must stay as it is before what it waits for is asked for. */
const REST_MS = 200;

/**
 * `record` is the latest record that the stream told of, `status` that of the execution. `news`
 * changes with what the selected state waits for: a Task that begins leaves no record.
 */
export function useDebugger(
  execution: Execution,
  record: number,
  status: string,
  selected: string | null,
  news: string,
): Debugging {
  const queries = useQueryClient();
  const key = useMemo(
    () => ({ machine: execution.stateMachineName, name: execution.name }),
    [execution.stateMachineName, execution.name],
  );
  const { queryKey } = debuggerQuery(key);
  const { data: view, refetch } = useQuery(debuggerQuery(key));
  const known = view?.recordId;
  useEffect(() => {
    if (known !== undefined && record > known) void refetch();
  }, [record, known, refetch]);
  useEffect(() => {
    void refetch();
  }, [status, refetch]);
  const knownNews = useRef(news);
  useEffect(() => {
    if (knownNews.current === news || status !== 'RUNNING') return;
    const timer = setTimeout(() => {
      knownNews.current = news;
      void refetch();
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [news, status, refetch]);

  const told = useMutation({
    mutationFn: ({ command }: { command: DebuggerCommand; then: Then }) =>
      tellDebugger(key, command),
    onSuccess: async (next, { then }) => {
      // What was asked before the command may be answered after it, and knows less.
      await queries.cancelQueries({ queryKey });
      queries.setQueryData<DebuggerView>(queryKey, (before) =>
        before && before.recordId > next.recordId ? before : next,
      );
      then.done?.();
    },
    onError: ({ message }, { then }) => {
      if (then.refused) then.refused(message);
      else toast('error', message);
      void refetch();
    },
  });

  const [wanted, setWanted] = useState<string | null>(null);
  const paused = view?.paused;
  const active =
    paused?.find(({ at }) => at === wanted) ??
    paused?.find(({ state }) => state === selected) ??
    paused?.[0] ??
    null;
  const { mutate, isPending: isTelling } = told;
  const tell = useCallback(
    (command: DebuggerCommand, then: Then = {}) => mutate({ command, then }),
    [mutate],
  );
  const running = status === 'RUNNING';
  // What shows it is not drawn anew with every event.
  return useMemo(
    () => ({ view, running, active, activate: setWanted, tell, isTelling }),
    [view, running, active, tell, isTelling],
  );
}

/** The dots of the cards, and what a click on one does. */
export function useDebugMarks(store: GraphStore, debugging: Debugging) {
  const { view, running, tell } = debugging;
  const toggle = useCallback(
    (name: string) => {
      const there = view?.breakpoints.filter(({ state }) => state === name) ?? [];
      if (there.length === 0) tell({ command: 'setBreakpoint', state: name });
      for (const { where, temporary } of there) {
        tell({ command: 'removeBreakpoint', state: name, where, temporary });
      }
    },
    [view, tell],
  );
  useEffect(() => {
    store.setState({
      debug: view && running ? marksOf(view.breakpoints, view.paused) : null,
      toggleBreakpoint: toggle,
    });
  }, [store, view, running, toggle]);
}

/** A pause that has just come up is shown, unless the person looks at something else. */
export function useShownPause(
  active: Paused | null,
  selected: string | null,
  select: (name: string) => void,
) {
  const shown = useRef<Paused | null>(null);
  useEffect(() => {
    const before = shown.current;
    if (active === null || active.at === before?.at) return;
    shown.current = active;
    if (selected === null || selected === before?.state) select(active.state);
  }, [active, selected, select]);
}
