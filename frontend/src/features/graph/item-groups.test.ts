import { expect, it } from 'vitest';

import { itemRows } from './item-groups';

const iterations = Array.from({ length: 30 }, (_, index) => ({
  index,
  frame: index + 1,
  status: index % 10 === 7 ? ('FAILED' as const) : ('SUCCEEDED' as const),
}));

it('puts the failed items first, under a heading that counts them', () => {
  const rows = itemRows(iterations);
  expect(rows.slice(0, 5)).toEqual([
    { kind: 'heading', status: 'FAILED', count: 3 },
    { kind: 'item', index: 7, status: 'FAILED' },
    { kind: 'item', index: 17, status: 'FAILED' },
    { kind: 'item', index: 27, status: 'FAILED' },
    { kind: 'heading', status: 'SUCCEEDED', count: 27 },
  ]);
  expect(rows).toHaveLength(32);
});

it('finds items by the digits they begin with', () => {
  const found = itemRows(iterations, ' 2').flatMap((row) => (row.kind === 'item' ? row.index : []));
  expect(found).toEqual([27, 2, 20, 21, 22, 23, 24, 25, 26, 28, 29]);
});
