import { expect, test } from 'vitest';

import { freeName } from './free-name';

test('a name that nothing has stays as it is', () => {
  expect(freeName('saga', new Set(['other']))).toBe('saga');
});

test('one that is taken gets the first number that is free', () => {
  expect(freeName('saga', new Set(['saga', 'saga-2', 'saga-4']))).toBe('saga-3');
});

test('and is no longer than a name may be', () => {
  const long = 'x'.repeat(80);
  expect(freeName(long, new Set([long]))).toBe(`${'x'.repeat(78)}-2`);
});
