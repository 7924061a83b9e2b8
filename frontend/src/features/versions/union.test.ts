import { expect, test } from 'vitest';

import type { Change } from '@/api/state-machines';
import type { Definition } from '@/asl/definition';
import { layOutDefinition } from '@/asl/layout/graph-layout';
import { transitionsOf } from '@/asl/transitions';

import { marksOf, unite } from './union';

const change = (
  kind: Change['kind'],
  state: string | null,
  more: Partial<Change> = {},
): Change => ({
  kind,
  state,
  sentence: '',
  ...more,
});

const before: Definition = {
  StartAt: 'A',
  States: {
    A: { Type: 'Pass', Next: 'Gone' },
    Gone: { Type: 'Task', Resource: 'r', Next: 'Old' },
    Old: { Type: 'Succeed' },
  },
};
const after: Definition = {
  StartAt: 'A',
  States: { A: { Type: 'Pass', Next: 'New' }, New: { Type: 'Succeed' } },
};
const changes = [
  change('RENAMED', 'New', { oldName: 'Old' }),
  change('REMOVED', 'Gone'),
  change('FIELD_CHANGED', 'A', { path: ['Next'] }),
];

test('what is gone is drawn where it was, with the ways to and from it', () => {
  const drawn = unite(before, after, changes);
  expect(transitionsOf(drawn).map(({ from, to, kind }) => [from, to, kind])).toEqual([
    ['A', 'New', 'next'],
    ['A', 'Gone', 'gone'],
    ['Gone', 'New', 'gone'],
  ]);
  expect(layOutDefinition(drawn).states).toHaveLength(3);
  expect(after.States).not.toHaveProperty('Gone');
});

test('a branch of a renamed state keeps its ghosts', () => {
  const fan = (name: string, ...states: string[]): Definition => ({
    StartAt: name,
    States: {
      [name]: {
        Type: 'Parallel',
        End: true,
        Branches: [
          {
            StartAt: states[0] ?? '',
            States: Object.fromEntries(states.map((each) => [each, { Type: 'Pass', End: true }])),
          },
        ],
      },
    },
  });
  const drawn = unite(fan('Fan', 'A', 'B'), fan('Both', 'A'), [
    change('RENAMED', 'Both', { oldName: 'Fan' }),
    change('REMOVED', 'B'),
  ]);
  expect(Object.keys(drawn.States?.Both?.Branches?.[0]?.States ?? {})).toEqual(['A', 'B']);
});

test('a state has one mark, of the strongest change', () => {
  const marks = marksOf([
    change('RENAMED', 'B', { oldName: 'A' }),
    change('FIELD_CHANGED', 'B'),
    change('FIELD_CHANGED', 'C'),
    change('FIELD_CHANGED', 'C'),
    change('FIELD_CHANGED', null),
  ]);
  expect([...marks]).toEqual([
    ['B', { kind: 'RENAMED', text: 'was A' }],
    ['C', { kind: 'CHANGED', text: '2 changes' }],
  ]);
});
