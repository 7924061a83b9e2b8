import { expect, it } from 'vitest';

import { untilDue } from './until-due';

it('counts down in whole seconds', () => {
  const due = { at: 100, latest: false };
  const said = [40_000, 40_001, 99_001, 99_999, 100_000, 1e9].map((now) => untilDue(due, now));
  expect(said).toEqual(['in 1 min 0 s', 'in 1 min 0 s', 'in 1 s', 'in 1 s', 'now', 'now']);
  expect(untilDue({ at: 100, latest: true }, 88_000)).toBe('within 12 s');
});
