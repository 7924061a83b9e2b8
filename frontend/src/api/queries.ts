/** Server state: what is fetched, how it is named in the cache and how long it is believed. */

import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  type QueryClient,
} from '@tanstack/react-query';

import {
  getExecution,
  getSession,
  getStateMachine,
  listExecutions,
  listStateMachines,
  type ExecutionKey,
  type ListedStatus,
} from './client';

/** Lists are polled; a page in the background rests. */
const POLL_MS = 5000;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: getSession,
  staleTime: Infinity,
});

export const stateMachinesQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['state-machines', { search }],
    queryFn: ({ pageParam, signal }) => listStateMachines(search, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });

export const stateMachineQuery = (name: string) =>
  queryOptions({
    queryKey: ['state-machine', name],
    queryFn: ({ signal }) => getStateMachine(name, signal),
  });

export const executionsQuery = (name: string, status: ListedStatus | null) =>
  infiniteQueryOptions({
    queryKey: ['executions', name, { status }],
    queryFn: ({ pageParam, signal }) => listExecutions(name, status, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });

export const executionQuery = (key: ExecutionKey) =>
  queryOptions({
    queryKey: ['execution', key.machine, key.name],
    queryFn: ({ signal }) => getExecution(key, signal),
    staleTime: Infinity,
  });

/** After an execution started or stopped, every list that may show it is old. */
export async function executionChanged(client: QueryClient, machine: string) {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['state-machines'] }),
    client.invalidateQueries({ queryKey: ['state-machine', machine] }),
    client.invalidateQueries({ queryKey: ['executions', machine] }),
  ]);
}
