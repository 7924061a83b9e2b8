import { expect, it } from 'vitest';

import { layOutDefinition } from '@/asl/layout/graph-layout';

import { outlineOf } from './outline-rows';

it('lists states from top to bottom, what stands inside a state behind it', () => {
  const branch = (name: string) => ({
    StartAt: name,
    States: { [name]: { Type: 'Pass', End: true } },
  });
  const layout = layOutDefinition({
    StartAt: 'First',
    States: {
      Last: { Type: 'Succeed' },
      Both: { Type: 'Parallel', Branches: [branch('Left'), branch('Right')], Next: 'Last' },
      First: { Type: 'Pass', Next: 'Both' },
    },
  });
  const rows = outlineOf(layout.states);
  expect(rows.map(({ placed, level, branch }) => [placed.name, level, branch])).toEqual([
    ['First', 1, null],
    ['Both', 1, null],
    ['Left', 2, 1],
    ['Right', 2, 2],
    ['Last', 1, null],
  ]);
  expect(rows[3]).toMatchObject({ position: 2, size: 2, path: ['Both'], contains: false });
});
