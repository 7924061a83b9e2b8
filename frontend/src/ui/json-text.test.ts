import { expect, it } from 'vitest';

import { hasMoreThan } from './json-text';

it.each([
  [{}, 0, false],
  ['a text of itself', 0, false],
  [null, 0, false],
  [[1, 2, 3], 3, false],
  [[1, 2, 3], 2, true],
  [{ a: { b: [1, 2] } }, 4, false],
  [{ a: { b: [1, 2] } }, 3, true],
])('%j with a limit of %d', (value, most, more) => {
  expect(hasMoreThan(value, most)).toBe(more);
});
