import { expect, test } from 'vitest';

import { marksOf, placeOf } from './marks';

test('a state shows its breakpoints, and how many branches are paused at it', () => {
  const marks = marksOf(
    [
      { state: 'A', where: 'before', condition: null },
      { state: 'A', where: 'after', condition: '{% true %}' },
    ],
    [
      { state: 'A', where: 'after' },
      { state: 'B', where: 'before' },
      { state: 'B', where: 'before' },
    ],
  );
  expect(marks.get('A')).toEqual({
    before: 'set',
    after: 'conditional',
    pausedBefore: 0,
    pausedAfter: 1,
  });
  expect(marks.get('B')?.pausedBefore).toBe(2);
  expect(marks.get('C')).toBeUndefined();
});

test('a place says which iteration it is in', () => {
  const path = [{ state: 'Ship', index: 2 }];
  expect(placeOf({ state: 'Pack', path })).toBe('Pack, 2 of Ship');
});
