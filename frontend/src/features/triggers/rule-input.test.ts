import { expect, test } from 'vitest';

import type { Rule } from '@/api/triggers';

import { givenInput, inputOf, WHOLE_EVENT } from './rule-input';

const RULE = { input: '', inputPath: '', inputTransformer: null } as Rule;

test('what a rule has comes back as it was', () => {
  const rules = [
    { inputPath: '$.detail' },
    { input: '{"a": 1}' },
    { inputTransformer: { inputPathsMap: { id: '$.id' }, inputTemplate: '{"a": <id>}' } },
  ];
  for (const given of rules) expect(givenInput(inputOf({ ...RULE, ...given }))).toEqual(given);
});

test('the whole event takes the place of another input', () => {
  expect(inputOf(RULE)).toBe(WHOLE_EVENT);
  expect(givenInput(WHOLE_EVENT)).toEqual({ input: '' });
});

test('variables that are no object are refused', () => {
  expect(() => givenInput({ ...WHOLE_EVENT, kind: 'template', paths: '[]' })).toThrow(
    'The variables must be a JSON object.',
  );
});
