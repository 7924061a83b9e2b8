/** Server state: what is fetched, how it is named in the cache and how long it is believed. */

import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  type QueryClient,
} from '@tanstack/react-query';

import {
  compareRevisions,
  countExecutions,
  findAuditEntries,
  findExecutions,
  getBreakpoints,
  getDebugger,
  getExecution,
  getSession,
  getStateMachine,
  listAccessKeys,
  listApiTokens,
  listExecutionRoles,
  listMembers,
  listChildren,
  listExecutions,
  listRevisions,
  listMachineNames,
  listStateMachines,
  type AuditFilter,
  type ExecutionFilter,
  type ExecutionKey,
  type ListedStatus,
} from './client';

/** Lists are polled; a page in the background rests. */
const POLL_MS = 5000;
const REDRIVE_MS = 15_000;
const SOON_MS = 1500;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: getSession,
  staleTime: Infinity,
});

export const accessKeysQuery = queryOptions({
  queryKey: ['access-keys'],
  queryFn: ({ signal }) => listAccessKeys(signal),
});

export const apiTokensQuery = queryOptions({
  queryKey: ['api-tokens'],
  queryFn: ({ signal }) => listApiTokens(signal),
});

export const executionRolesQuery = queryOptions({
  queryKey: ['execution-roles'],
  queryFn: ({ signal }) => listExecutionRoles(signal),
});

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: ({ signal }) => listMembers(signal),
});

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) => findAuditEntries(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
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

export const revisionsQuery = (name: string) =>
  infiniteQueryOptions({
    queryKey: ['revisions', name],
    queryFn: ({ pageParam, signal }) => listRevisions(name, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export const comparisonQuery = (name: string, before: string, after: string) =>
  queryOptions({
    queryKey: ['comparison', name, before, after],
    queryFn: ({ signal }) => compareRevisions(name, before, after, signal),
    placeholderData: keepPreviousData,
  });

export const executionsQuery = (name: string, status: ListedStatus | 'paused' | null) =>
  infiniteQueryOptions({
    queryKey: ['executions', name, { status }],
    queryFn: ({ pageParam, signal }) => listExecutions(name, status, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });

/** Names to choose from; as many as the server gives at once. */
export const machineNamesQuery = queryOptions({
  queryKey: ['state-machines', 'names'],
  queryFn: ({ signal }) => listMachineNames(signal),
  staleTime: POLL_MS,
});

/** More pages than this are not asked for again while somebody reads them. */
const FRESH_PAGES = 3;

/** `filter` gives the query anew each time: a time such as "the last hour" moves on. */
export const foundExecutionsQuery = (key: unknown, filter: () => ExecutionFilter) =>
  infiniteQueryOptions({
    queryKey: ['executions', 'found', key],
    queryFn: ({ pageParam, signal }) => findExecutions(filter(), pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      (state.data?.pages.length ?? 0) <= FRESH_PAGES ? POLL_MS : false,
  });

export const executionCountsQuery = (key: unknown, filter: () => Omit<ExecutionFilter, 'status'>) =>
  queryOptions({
    queryKey: ['executions', 'counts', key],
    queryFn: ({ signal }) => countExecutions(filter(), signal),
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });

export const executionQuery = (key: ExecutionKey) =>
  queryOptions({
    queryKey: ['execution', key.machine, key.name],
    queryFn: ({ signal }) => getExecution(key, signal),
    staleTime: Infinity,
    // One that has ended may be redriven by somebody else, and goes on.
    refetchInterval: ({ state: { data } }) =>
      data && data.status !== 'RUNNING' && data.redriveStatusReason === null ? REDRIVE_MS : false,
  });

/** Kept current by the stream: it tells when somebody did something, or something paused. */
export const debuggerQuery = (key: ExecutionKey) =>
  queryOptions({
    queryKey: ['debugger', key.machine, key.name],
    queryFn: ({ signal }) => getDebugger(key, signal),
    staleTime: Infinity,
  });

export const breakpointsQuery = (machine: string) =>
  queryOptions({
    queryKey: ['breakpoints', machine],
    queryFn: () => getBreakpoints(machine),
    staleTime: Infinity,
  });

/** What attempts of a Task have started; `status` is that of the state, which tells of news. */
export const childrenQuery = (key: ExecutionKey, tasks: number[], status: string) =>
  queryOptions({
    queryKey: ['children', key.machine, key.name, tasks, status],
    queryFn: ({ signal }) => listChildren(key, tasks, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => {
      const children = data?.results ?? [];
      if (children.some((each) => each.status === 'RUNNING')) return POLL_MS;
      return status === 'RUNNING' ? SOON_MS : false;
    },
  });

/** After an execution started or stopped, every list that may show it is old. */
export async function executionChanged(client: QueryClient, machine: string) {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['state-machines'] }),
    client.invalidateQueries({ queryKey: ['state-machine', machine] }),
    client.invalidateQueries({ queryKey: ['executions', machine] }),
    client.invalidateQueries({ queryKey: ['executions', 'found'] }),
    client.invalidateQueries({ queryKey: ['executions', 'counts'] }),
  ]);
}
