/** Map Runs: what distributed Maps start. */

import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';

import { answer, api, type Page } from './client';
import type { ExecutionKey, ListedStatus } from './executions';
import type { components } from './schema';

type Schemas = components['schemas'];

export type MapRun = Schemas['MapRun'];
export type MapRunChild = Schemas['MapRunChild'];
export type MapRunCounts = Schemas['MapRunCounts'];
export type MapRunResults = Schemas['MapRunResults'];
/** What a run that goes on works by; what is left out stays as it is. */
export type MapRunChange = Schemas['PatchedMapRunChangeRequest'];

/** What names a run in addresses. */
export interface MapRunKey {
  machine: string;
  label: string;
  run: string;
}

const POLL_MS = 1000;
const CHILDREN_MS = 2000;
/** More pages than this are not asked for again while somebody reads them. */
const FRESH_PAGES = 3;

const pathOf = ({ machine, label, run }: MapRunKey) => ({
  path: { stateMachineName: machine, label, run },
});

/** The key that a run's ARN has in it: …:mapRun:MACHINE/LABEL:RUN. */
export function keyOfArn(arn: string): MapRunKey {
  const [place = '', run = ''] = arn.split(':').slice(-2);
  const slash = place.lastIndexOf('/');
  return { machine: place.slice(0, slash), label: place.slice(slash + 1), run };
}

export const mapRunQuery = (key: MapRunKey) =>
  queryOptions({
    queryKey: ['map-run', key],
    queryFn: ({ signal }) =>
      answer<MapRun>(
        api.GET('/api/map-runs/{stateMachineName}/{label}/{run}/', {
          params: pathOf(key),
          signal,
        }),
      ),
    // One that has ended may be redriven with its execution.
    refetchInterval: ({ state: { data } }) => (data?.status === 'RUNNING' ? POLL_MS : 5 * POLL_MS),
  });

export const mapRunChildrenQuery = (key: MapRunKey, status: ListedStatus | null, live: boolean) =>
  infiniteQueryOptions({
    queryKey: ['map-run', key, 'children', status],
    queryFn: ({ pageParam, signal }) =>
      answer<Page<MapRunChild>>(
        api.GET('/api/map-runs/{stateMachineName}/{label}/{run}/children/', {
          params: {
            ...pathOf(key),
            query: {
              limit: 100,
              ...(status && { status }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      live && (state.data?.pages.length ?? 0) <= FRESH_PAGES ? CHILDREN_MS : false,
  });

/** Null where the results go into the state's output. */
export const mapRunResultsQuery = (key: MapRunKey, status: string) =>
  queryOptions({
    queryKey: ['map-run', key, 'results', status],
    queryFn: async ({ signal }): Promise<MapRunResults | null> => {
      const { data, error, response } = await api.GET(
        '/api/map-runs/{stateMachineName}/{label}/{run}/results/',
        { params: pathOf(key), signal },
      );
      if (response.status === 404) return null;
      return answer<MapRunResults>(Promise.resolve({ data, error, response } as never));
    },
  });

export const resultFile = ({ machine, label, run }: MapRunKey, name: string) =>
  `/api/map-runs/${[machine, label, run].map(encodeURIComponent).join('/')}/results/${name}/`;

export const updateMapRun = (key: MapRunKey, change: MapRunChange) =>
  answer<MapRun>(
    api.PATCH('/api/map-runs/{stateMachineName}/{label}/{run}/', {
      params: pathOf(key),
      body: change,
    }),
  );

/** The runs that an execution's distributed Maps have started, the latest first. */
export const mapRunsQuery = ({ machine, name }: ExecutionKey, live: boolean) =>
  queryOptions({
    queryKey: ['map-runs', machine, name],
    queryFn: ({ signal }) =>
      answer<Page<MapRun>>(
        api.GET('/api/executions/{stateMachineName}/{executionName}/map-runs/', {
          params: {
            path: { stateMachineName: machine, executionName: name },
            query: { limit: 100 },
          },
          signal,
        }),
      ),
    refetchInterval: live ? CHILDREN_MS : false,
  });
