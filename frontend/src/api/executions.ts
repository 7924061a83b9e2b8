/** Executions: lists of them, one of them, its events, and what is done with it. */

import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  type QueryClient,
} from '@tanstack/react-query';

import type { HistoryEvent } from '@/history/event';

import { answer, api, type Page } from './client';
import type { Breakpoint } from './debugger';
import type { components } from './schema';

type Schemas = components['schemas'];
/** PENDING_REDRIVE is AWS's; no execution here has it yet. */
export type ListedStatus = Schemas['ExecutionStatus'];
export type ExecutionSummary = Schemas['ExecutionSummary'];
export type Execution = Schemas['Execution'];
export type RelatedExecution = Schemas['RelatedExecution'];
export type ChildExecutions = Schemas['ChildExecutions'];
export type Paused = Schemas['Paused'];
/** The document cannot say which details come with which type of event; HistoryEvent can. */
export type EventPage = Omit<Schemas['EventPage'], 'events'> & { events: HistoryEvent[] };
/** A page that ends before it is full says how far it has looked; the next one looks further. */
export type ExecutionPage = Schemas['ExecutionPage'];

/** Lists are polled; a page in the background rests. */
const POLL_MS = 5000;
const REDRIVE_MS = 15_000;
const SOON_MS = 1500;
/** More pages than this are not asked for again while somebody reads them. */
const FRESH_PAGES = 3;

/** What names an execution in addresses: its machine's name and its own. */
export interface ExecutionKey {
  machine: string;
  name: string;
}

export const executionPath = ({ machine, name }: ExecutionKey) => ({
  stateMachineName: machine,
  executionName: name,
});

export const listExecutions = (
  name: string,
  status: ListedStatus | 'paused' | null,
  cursor: string | null,
  signal: AbortSignal,
) =>
  answer<Page<ExecutionSummary>>(
    api.GET('/api/state-machines/{name}/executions/', {
      params: {
        path: { name },
        query: {
          limit: 25,
          ...(status === 'paused' ? { paused: true } : status && { status: [status] }),
          ...(cursor && { cursor }),
        },
      },
      signal,
    }),
  );

/** Which executions a list is about; whatever is given must be so. Times in ISO 8601. */
export interface ExecutionFilter {
  stateMachine?: string;
  status?: ListedStatus[];
  startedAfter?: string;
  startedBefore?: string;
  name?: string;
  version?: number;
  alias?: string;
  error?: string;
  input?: string;
  paused?: boolean;
  pausedBy?: string;
}

export const findExecutions = (
  filter: ExecutionFilter,
  cursor: string | null,
  signal: AbortSignal,
) =>
  answer<ExecutionPage>(
    api.GET('/api/executions/', {
      params: { query: { limit: 100, ...filter, ...(cursor && { cursor }) } },
      signal,
    }),
  );

export const countExecutions = (filter: Omit<ExecutionFilter, 'status'>, signal: AbortSignal) =>
  answer<Schemas['FilteredCounts']>(
    api.GET('/api/executions/counts/', { params: { query: filter }, signal }),
  );

/** What an execution that is debugged from its start is told before it begins. */
export interface StartDebugger {
  breakpoints: Breakpoint[];
  pauseAtStart: boolean;
}

export const startExecution = (
  machine: string,
  input: string,
  name?: string,
  debugging?: StartDebugger,
) =>
  answer<Execution>(
    api.POST('/api/state-machines/{name}/executions/', {
      params: { path: { name: machine } },
      body: { input, ...(name && { name }), ...(debugging && { debugger: debugging }) },
    }),
  );

export const getExecution = (key: ExecutionKey, signal: AbortSignal) =>
  answer<Execution>(
    api.GET('/api/executions/{stateMachineName}/{executionName}/', {
      params: { path: executionPath(key) },
      signal,
    }),
  );

/** Events with an id above `after`, ascending, at most a thousand. */
export const listEvents = (key: ExecutionKey, after: number, signal: AbortSignal, limit = 1000) =>
  answer<EventPage>(
    api.GET('/api/executions/{stateMachineName}/{executionName}/events/', {
      params: { path: executionPath(key), query: { after, limit } },
      signal,
    }),
  );

/** The executions that these attempts (ids of their …Scheduled events) have started. */
export const listChildren = (key: ExecutionKey, tasks: number[], signal: AbortSignal) =>
  answer<ChildExecutions>(
    api.GET('/api/executions/{stateMachineName}/{executionName}/children/', {
      params: { path: executionPath(key), query: { task: tasks } },
      signal,
    }),
  );

export const redriveExecution = (key: ExecutionKey) =>
  answer<Execution>(
    api.POST('/api/executions/{stateMachineName}/{executionName}/redrive/', {
      params: { path: executionPath(key) },
    }),
  );

/** Starts an execution that begins with the state entered at `event`; without input with its own. */
export const forkExecution = (key: ExecutionKey, event: number, input?: string) =>
  answer<Execution>(
    api.POST('/api/executions/{stateMachineName}/{executionName}/fork/', {
      params: { path: executionPath(key) },
      body: { event, ...(input !== undefined && { input }) },
    }),
  );

export const stopExecution = (key: ExecutionKey, error: string, cause: string) =>
  answer<Execution>(
    api.POST('/api/executions/{stateMachineName}/{executionName}/stop/', {
      params: { path: executionPath(key) },
      body: { ...(error && { error }), ...(cause && { cause }) },
    }),
  );

export const executionsQuery = (name: string, status: ListedStatus | 'paused' | null) =>
  infiniteQueryOptions({
    queryKey: ['executions', name, { status }],
    queryFn: ({ pageParam, signal }) => listExecutions(name, status, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });

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

/**
 * How many events the shell around the bundle has asked for before this is read: as many as fill a
 * screen (`studio/templatetags/opened_page.py`). Without a shell, as many as there are in a page.
 */
const firstEvents = () => {
  const told = document.querySelector<HTMLMetaElement>('meta[name="first-events"]');
  return told === null ? undefined : Number(told.content);
};
/** From where a page is asked for to where it takes them. */
const FIRST_MS = 10_000;

/**
 * The beginning of a history. Its events are for ever as they are; that there are no others is so
 * until the execution is redriven, so whoever knows of a redrive asks `anew`.
 */
export const firstEventsQuery = (key: ExecutionKey, anew = false) =>
  queryOptions({
    queryKey: ['first-events', key.machine, key.name],
    queryFn: ({ signal }) => listEvents(key, 0, signal, firstEvents()),
    staleTime: anew ? 0 : FIRST_MS,
    gcTime: FIRST_MS,
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
    client.invalidateQueries({ queryKey: ['first-events', machine] }),
  ]);
}
