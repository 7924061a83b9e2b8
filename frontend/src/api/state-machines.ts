/** State machines, their revisions, and comparisons of these. */

import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';

import { answer, api, named, type Page } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type StateMachineSummary = Schemas['StateMachineSummary'];
export type StateMachine = Schemas['StateMachine'];
export type Revision = Schemas['Revision'];
export type Comparison = Schemas['Comparison'];
export type Change = Schemas['Change'];

/** Lists are polled; a page in the background rests. */
const POLL_MS = 5000;

export const listStateMachines = (search: string, cursor: string | null, signal: AbortSignal) =>
  answer<Page<StateMachineSummary>>(
    api.GET('/api/state-machines/', {
      params: { query: { limit: 50, ...(search && { search }), ...(cursor && { cursor }) } },
      signal,
    }),
  );

export const listMachineNames = async (signal: AbortSignal): Promise<string[]> => {
  const query = { limit: 200 };
  const page = await answer<Page<StateMachineSummary>>(
    api.GET('/api/state-machines/', { params: { query }, signal }),
  );
  return page.results.map(({ name }) => name);
};

export const getStateMachine = (name: string, signal: AbortSignal) =>
  answer<StateMachine>(
    api.GET('/api/state-machines/{name}/', { params: { path: { name } }, signal }),
  );

export const listRevisions = (name: string, cursor: string | null, signal: AbortSignal) =>
  answer<Page<Revision>>(
    api.GET('/api/state-machines/{name}/revisions/', {
      params: { path: { name }, query: cursor === null ? {} : { cursor: Number(cursor) } },
      signal,
    }),
  );

export const compareRevisions = (
  name: string,
  before: string,
  after: string,
  signal: AbortSignal,
) =>
  answer<Comparison>(
    api.GET('/api/state-machines/{name}/comparison/', {
      params: { path: { name }, query: { before, after } },
      signal,
    }),
  );

export const createStateMachine = (body: Schemas['CreateStateMachineRequest']) =>
  answer<StateMachine>(api.POST('/api/state-machines/', { body }));

export const updateStateMachine = (name: string, body: Schemas['UpdateStateMachineRequest']) =>
  answer<StateMachine>(api.PUT('/api/state-machines/{name}/', { ...named(name), body }));

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

/** Names to choose from; as many as the server gives at once. */
export const machineNamesQuery = queryOptions({
  queryKey: ['state-machines', 'names'],
  queryFn: ({ signal }) => listMachineNames(signal),
  staleTime: POLL_MS,
});
