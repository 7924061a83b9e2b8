/** A state or a whole definition, run without leaving a trace; and mocks of what it calls. */

import type { HistoryEvent } from '@/history/event';

import { answer, api, named } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type StateTest = Schemas['StateTestRequest'];
export type TestedState = Schemas['TestedState'];
export type Mock = Schemas['Mock'];
/** What a mock gives, by attempts, as Step Functions Local writes it. */
export type MockedResponse = Mock['response'];
export type TestRun = Omit<Schemas['TestRun'], 'events'> & { events: HistoryEvent[] };

const USUAL_TEST = { format: 'JSON', input: '{}', perform: false, retrierRetryCount: 0 } as const;

/** Runs one state as TestState does, and shows its data at each stage. Stores nothing. */
export const testState = (body: Partial<StateTest> & { definition: string }, signal: AbortSignal) =>
  answer<TestedState>(api.POST('/api/state-tests/', { body: { ...USUAL_TEST, ...body }, signal }));

/** What the work of states is said to give, saved by name beside the definition. */
export const listMocks = async (name: string, signal: AbortSignal) =>
  (
    await answer<Schemas['Mocks']>(
      api.GET('/api/state-machines/{name}/mocks/', { ...named(name), signal }),
    )
  ).results;

export const createMock = (name: string, body: Schemas['NewMockRequest']) =>
  answer<Mock>(api.POST('/api/state-machines/{name}/mocks/', { ...named(name), body }));

const mockPath = (name: string, mockId: number) => ({ params: { path: { name, mockId } } });

export const updateMock = (name: string, mock: Mock, response: MockedResponse) =>
  answer<Mock>(
    api.PATCH('/api/state-machines/{name}/mocks/{mockId}/', {
      ...mockPath(name, mock.id),
      body: { response, follows: mock.sequence },
    }),
  );

export const deleteMock = (name: string, mock: Mock) =>
  answer<undefined>(
    api.DELETE('/api/state-machines/{name}/mocks/{mockId}/', mockPath(name, mock.id)),
  );

/** Runs a whole definition in memory on mocks. Nothing is called, nothing is stored. */
export const runTest = (
  name: string,
  definition: string,
  input: string,
  mocks: Record<string, string | MockedResponse>,
) =>
  answer<TestRun>(
    api.POST('/api/state-machines/{name}/tests/run/', {
      ...named(name),
      body: { definition, format: 'JSON', test: { input, mocks } },
    }),
  );
