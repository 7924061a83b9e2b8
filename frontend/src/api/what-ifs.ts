/** What if: executions replayed on another definition. */

import { queryOptions } from '@tanstack/react-query';

import type { HistoryEvent } from '@/history/event';

import { answer, api } from './client';
import { listEvents, type ExecutionKey } from './executions';
import type { components } from './schema';

type Schemas = components['schemas'];

export type WhatIf = Schemas['WhatIf'];
export type Replay = Schemas['Replay'];
export type Divergence = Schemas['Divergence'];
export type Verdict = Schemas['ReplayVerdict'];

/** What is asked; without a definition and a version the current revision answers. */
export type Question = Partial<Schemas['AskWhatIfRequest']>;

const POLL_MS = 700;

export const askWhatIf = (name: string, question: Question) =>
  answer<WhatIf>(
    api.POST('/api/state-machines/{name}/what-if/', {
      params: { path: { name } },
      body: { format: 'JSON', latest: 100, ...question },
    }),
  );

export const whatIfQuery = (name: string, whatIfId: number) =>
  queryOptions({
    queryKey: ['what-if', name, whatIfId],
    queryFn: ({ signal }) =>
      answer<WhatIf>(
        api.GET('/api/state-machines/{name}/what-if/{whatIfId}/', {
          params: { path: { name, whatIfId } },
          signal,
        }),
      ),
    refetchInterval: ({ state: { data } }) => (data && data.done < data.total ? POLL_MS : false),
    staleTime: Infinity,
  });

const replayPath = (name: string, whatIfId: number, executionName: string) => ({
  params: { path: { name, whatIfId, executionName } },
});

export const replayQuery = (name: string, whatIfId: number, executionName: string) =>
  queryOptions({
    queryKey: ['what-if', name, whatIfId, executionName],
    queryFn: ({ signal }) =>
      answer<Replay>(
        api.GET('/api/state-machines/{name}/what-if/{whatIfId}/{executionName}/', {
          ...replayPath(name, whatIfId, executionName),
          signal,
        }),
      ),
    staleTime: Infinity,
  });

/** The history that the replay would have had, as far as the server tells it. */
export const replayEventsQuery = (name: string, whatIfId: number, executionName: string) =>
  queryOptions({
    queryKey: ['what-if', name, whatIfId, executionName, 'events'],
    queryFn: async ({ signal }) => {
      const told = await answer<Schemas['ReplayEvents']>(
        api.GET('/api/state-machines/{name}/what-if/{whatIfId}/{executionName}/events/', {
          ...replayPath(name, whatIfId, executionName),
          signal,
        }),
      );
      return { events: told.events as unknown as HistoryEvent[], eventCount: told.eventCount };
    },
    staleTime: Infinity,
  });

/** The whole recording of an execution that has ended. */
export const recordingQuery = (key: ExecutionKey) =>
  queryOptions({
    queryKey: ['recording', key.machine, key.name],
    queryFn: async ({ signal }) => {
      const events: HistoryEvent[] = [];
      for (;;) {
        const page = await listEvents(key, events.length, signal);
        for (const event of page.events) events.push(event);
        if (page.events.length < 1000) return events;
      }
    },
    staleTime: Infinity,
  });
