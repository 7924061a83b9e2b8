/** What a state's work is said to give: as the form has it, and as it is saved and sent. */

import type { MockedResponse, StateTest } from '@/api/trials';

/** A result as JSON text, or an error with its cause. */
export type Given =
  { kind: 'result'; result: string } | { kind: 'error'; error: string; cause: string };

/** Nothing, what is saved under a name, or what is written here. */
export type Choice =
  { kind: 'none' } | { kind: 'saved'; name: string } | { kind: 'typed'; given: Given };

export const NO_MOCK: Choice = { kind: 'none' };
export const EMPTY: Given = { kind: 'result', result: '{}' };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the first attempt gives. Attempts are numbered from 0, several as in "1-2". */
export function firstOf(response: MockedResponse): Given {
  const byAttempt = Object.entries(response).find(([key]) => /^0(-\d+)?$/.test(key))?.[1];
  const answer = isRecord(byAttempt) ? byAttempt : response;
  if (isRecord(answer.Throw)) {
    const { Error: error, Cause: cause } = answer.Throw;
    return {
      kind: 'error',
      error: typeof error === 'string' ? error : '',
      cause: typeof cause === 'string' ? cause : '',
    };
  }
  return { kind: 'result', result: JSON.stringify(answer.Return ?? null, null, 2) };
}

/** Whether it says the same for every attempt: only then can the form show all of it. */
export const isForEvery = (response: MockedResponse) =>
  Object.keys(response).every((key) => ['Return', 'Throw', 'AfterSeconds'].includes(key));

/** What is saved; null while the result is no JSON or the error has no name. */
export function responseOf(given: Given): MockedResponse | null {
  if (given.kind === 'error') {
    return given.error === '' ? null : { Throw: { Error: given.error, Cause: given.cause } };
  }
  try {
    return { Return: JSON.parse(given.result) as unknown };
  } catch {
    return null;
  }
}

/** What a test of one state is sent; null where nothing usable is given. */
export function mockOf(given: Given): StateTest['mock'] | null {
  if (responseOf(given) === null) return null;
  return given.kind === 'error'
    ? { error: given.error, cause: given.cause, fieldValidationMode: 'NONE' }
    : { result: given.result, fieldValidationMode: 'NONE' };
}
