import { describe, expect, it } from 'vitest';

import type { TestCase } from '@/api/test-cases';

import { readCase, writeCase } from './case-text';

const TEST: TestCase = {
  name: 'refused card',
  input: '{"total":3}',
  mocks: { Pay: 'refused', 'Pack[1]': { Return: { ok: true } } },
  expectedStatus: 'FAILED',
  expectedOutput: null,
  expectedError: 'Card.Refused',
  expectedCause: ' as it is ',
  expectedPath: ['Pay', 'Undo it'],
};

describe('a test in the form', () => {
  it('says the same when it is saved without an edit', () => {
    const saved = readCase(writeCase(TEST));
    expect({ ...saved, input: JSON.parse(saved.input) as unknown }).toEqual({
      ...TEST,
      input: { total: 3 },
    });
  });
  it('does not look at what is empty', () => {
    const empty = { ...writeCase(TEST), status: '', error: '', cause: '', path: ' \n' };
    expect(readCase(empty)).toMatchObject({
      expectedStatus: null,
      expectedError: null,
      expectedCause: null,
      expectedPath: null,
    });
  });
  it('says which field cannot be meant', () => {
    expect(() => readCase({ ...writeCase(TEST), mocks: '{' })).toThrow(/^Mocks: /);
    expect(() => readCase({ ...writeCase(TEST), mocks: '[]' })).toThrow(/an object/);
    expect(() => readCase({ ...writeCase(TEST), mocks: '{"Pay": 3}' })).toThrow(/mock of Pay/);
  });
});
