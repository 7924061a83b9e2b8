/** What is selected on the execution page: kept in the address, so that it can be sent to others. */

import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

import { type Below, type ExecutionSearch, readExecutionSearch } from '@/app/search';
import type { StateStatus } from '@/history/model';

import type { GraphStore } from '@/features/graph/graph-store';

export const TROUBLE = new Set<StateStatus>(['FAILED', 'TIMED_OUT', 'CAUGHT']);

/** What a change of the selection leaves as it is. */
export const kept = ({ below, at }: ExecutionSearch): ExecutionSearch => ({
  ...(below && { below }),
  ...(at !== undefined && { at }),
});

function changed<K extends keyof ExecutionSearch>(
  before: ExecutionSearch,
  key: K,
  value: ExecutionSearch[K] | undefined,
): ExecutionSearch {
  const others = Object.entries(before).filter(([name]) => name !== key);
  return { ...Object.fromEntries(others), ...(value !== undefined && { [key]: value }) };
}

/** What the address says, and ways to change it without leaving a trail of pages. */
export function useSelection(store: GraphStore) {
  const search: ExecutionSearch = useSearch({
    from: '/executions/$machine/$name',
    // What an address says beside what is known of it comes through, too.
    select: readExecutionSearch,
    structuralSharing: true,
  });
  const navigate = useNavigate({ from: '/executions/$machine/$name' });
  const change = useCallback(
    (next: (before: ExecutionSearch) => ExecutionSearch) =>
      void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  );
  const select = useCallback(
    (name: string | null) => {
      const status = store.getState().states.get(name ?? '')?.status;
      // A state in trouble opens at its error; what others are looked at for stays chosen.
      const keeps = name !== null && !(status && TROUBLE.has(status));
      change(({ items, tab, ...rest }) => ({
        ...(items && { items }),
        ...kept(rest),
        ...(name !== null && { state: name }),
        ...(keeps && tab && tab !== 'error' && tab !== 'retries' && { tab }),
      }));
    },
    [change, store],
  );
  const pick = useCallback(
    (map: string, index: number | null) =>
      change((before) => {
        const items = Object.fromEntries(
          Object.entries(before.items ?? {}).filter(([name]) => name !== map),
        );
        if (index !== null) items[map] = index;
        const { state, tab } = before;
        return {
          ...kept(before),
          ...(state !== undefined && { state }),
          ...(tab && { tab }),
          ...(Object.keys(items).length > 0 && { items }),
        };
      }),
    [change],
  );
  const show = useCallback(
    (below: Below | null) => change((before) => changed(before, 'below', below ?? undefined)),
    [change],
  );
  const remember = useCallback(
    (at: number | null) => change((before) => changed(before, 'at', at ?? undefined)),
    [change],
  );
  return { search, change, select, pick, show, remember };
}
