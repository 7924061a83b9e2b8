import { expect, test } from 'vitest';

import { readObject } from './read-object';

test('an object is read', () => {
  expect(readObject('{"a": [1]}', 'The event')).toEqual({ a: [1] });
});

test.each([
  ['{', 'The event is not JSON: '],
  ['[]', 'The event must be a JSON object.'],
  ['null', 'The event must be a JSON object.'],
  ['7', 'The event must be a JSON object.'],
])('%s is none', (text, said) => {
  expect(() => readObject(text, 'The event')).toThrow(said);
});
