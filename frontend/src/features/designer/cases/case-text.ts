/** A saved test as the form has it: everything is text, and nothing means "not looked at". */

import type { TestCase } from '@/api/test-cases';
import type { TestRun } from '@/api/trials';
import { prettyJson } from '@/ui/json-text';

export interface CaseText {
  name: string;
  input: string;
  /** A JSON object: by place a saved mock's name, or a response. */
  mocks: string;
  status: string;
  output: string;
  error: string;
  cause: string;
  /** Places, one a line. */
  path: string;
}

export const ENDS = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;

export function writeCase(test: TestCase): CaseText {
  return {
    name: test.name,
    input: prettyJson(test.input),
    mocks: JSON.stringify(test.mocks ?? {}, null, 2),
    status: test.expectedStatus ?? '',
    output: test.expectedOutput == null ? '' : prettyJson(test.expectedOutput),
    error: test.expectedError ?? '',
    cause: test.expectedCause ?? '',
    path: (test.expectedPath ?? []).join('\n'),
  };
}

type Mocks = NonNullable<TestCase['mocks']>;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A mock is a saved one's name or a response; the server reads the response itself. */
function readMocks(text: string): Mocks {
  const read: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
  if (!isRecord(read)) throw new Error('Mocks are an object: {"Pay": {"Return": 1}}.');
  for (const [place, mock] of Object.entries(read)) {
    if (typeof mock !== 'string' && !isRecord(mock)) {
      throw new Error(`Write the mock of ${place} as the name of a saved one, or as an object.`);
    }
  }
  return read as Mocks;
}

/** What is saved; throws an Error that says which field cannot be meant. */
export function readCase(text: CaseText): TestCase {
  const some = (given: string) => (given === '' ? null : given);
  const places = text.path
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  let mocks: Mocks;
  try {
    mocks = readMocks(text.mocks);
  } catch (error) {
    throw new Error(`Mocks: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return {
    name: text.name.trim(),
    input: text.input,
    mocks,
    expectedStatus: ENDS.find((each) => each === text.status) ?? null,
    expectedOutput: some(text.output.trim()),
    expectedError: some(text.error),
    expectedCause: some(text.cause),
    expectedPath: places.length === 0 ? null : places,
  };
}

/** A test that expects what a run came to. */
export function caseOfRun(
  name: string,
  run: TestRun,
  given: Pick<TestCase, 'input' | 'mocks'>,
): TestCase {
  const status = ENDS.find((each) => each === run.status) ?? null;
  return {
    name,
    ...given,
    expectedStatus: status,
    expectedOutput: run.output,
    expectedError: run.error,
    expectedCause: run.cause,
    // Of 2,000 places the rest is not told.
    expectedPath: run.path.length < 2000 ? run.path : null,
  };
}
