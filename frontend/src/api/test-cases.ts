/** The test cases that are saved beside a definition. */

import { answer, api, named } from './client';
import type { ExecutionKey } from './executions';
import type { TestRun } from './trials';
import type { components } from './schema';

type Schemas = components['schemas'];
export type WorkflowTest = Schemas['WorkflowTest'];
/** What a saved test is made of, by name. */
export type TestCase = Omit<WorkflowTest, 'id' | 'sequence' | 'updateDate'>;
export type Unmet = Schemas['Unmet'];

/** The test cases that are saved beside a definition, by name. */
export const listTests = async (name: string, signal: AbortSignal) =>
  (
    await answer<Schemas['WorkflowTests']>(
      api.GET('/api/state-machines/{name}/tests/', { ...named(name), signal }),
    )
  ).results;

export const createTest = (name: string, body: TestCase) =>
  answer<WorkflowTest>(
    api.POST('/api/state-machines/{name}/tests/', { ...named(name), body: { mocks: {}, ...body } }),
  );

const testPath = (name: string, testId: number) => ({ params: { path: { name, testId } } });

export const updateTest = (name: string, test: WorkflowTest, body: TestCase) =>
  answer<WorkflowTest>(
    api.PUT('/api/state-machines/{name}/tests/{testId}/', {
      ...testPath(name, test.id),
      body: { mocks: {}, ...body, follows: test.sequence },
    }),
  );

export const deleteTest = (name: string, test: WorkflowTest) =>
  answer<undefined>(
    api.DELETE('/api/state-machines/{name}/tests/{testId}/', testPath(name, test.id)),
  );

/** Runs a saved test on a definition that need not be saved. */
export const runSavedTest = (name: string, definition: string, testId: number) =>
  answer<TestRun>(
    api.POST('/api/state-machines/{name}/tests/run/', {
      ...named(name),
      body: { definition, format: 'JSON', testId },
    }),
  );

/** Saves a finished execution as a test: its input, its tasks' results, and its end. */
export const createTestFrom = ({ machine, name }: ExecutionKey, title: string) =>
  answer<WorkflowTest>(
    api.POST('/api/executions/{stateMachineName}/{executionName}/test/', {
      params: { path: { stateMachineName: machine, executionName: name } },
      body: { name: title },
    }),
  );
