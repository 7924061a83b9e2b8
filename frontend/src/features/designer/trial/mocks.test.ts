import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { EMPTY, firstOf, isForEvery, mockOf, responseOf, type Given } from './mocks';

const given: fc.Arbitrary<Given> = fc.oneof(
  fc.jsonValue().map((value) => ({ kind: 'result' as const, result: JSON.stringify(value) })),
  fc
    .record({ error: fc.string({ minLength: 1 }), cause: fc.string() })
    .map((each) => ({ kind: 'error' as const, ...each })),
);

describe('a mock', () => {
  it('says the same after it was saved', () => {
    fc.assert(
      fc.property(given, (each) => {
        const saved = responseOf(each);
        expect(saved).not.toBeNull();
        const back = firstOf(saved ?? {});
        expect(responseOf(back)).toEqual(saved);
        expect(isForEvery(saved ?? {})).toBe(true);
      }),
    );
  });
  it('may differ by attempt; the first is shown', () => {
    const response = { '0': { Throw: { Error: 'Busy', Cause: 'now' } }, '1-2': { Return: 5 } };
    expect(firstOf(response)).toEqual({ kind: 'error', error: 'Busy', cause: 'now' });
    expect(firstOf({ '0-3': { Return: 5 } })).toEqual({ kind: 'result', result: '5' });
    expect(isForEvery(response)).toBe(false);
  });
  it('is none while it cannot be meant', () => {
    expect(responseOf({ kind: 'result', result: '{' })).toBeNull();
    expect(mockOf({ kind: 'error', error: '', cause: '' })).toBeNull();
    expect(mockOf(EMPTY)).toEqual({ result: '{}', fieldValidationMode: 'NONE' });
  });
});
