import { describe, expect, it } from 'vitest';

import { foldEvents } from './fold';
import { simulate } from './histories.fixture';
import { rowsAround, treeRows, type TreeRow } from './tree';

const each = {
  StartAt: 'Weigh',
  States: { Weigh: { Type: 'Task', Next: 'Note' }, Note: { Type: 'Pass', End: true } },
};
const definition = {
  StartAt: 'Both',
  States: {
    Both: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Left', States: { Left: { Type: 'Pass', End: true } } },
        { StartAt: 'Each', States: { Each: { Type: 'Map', ItemProcessor: each, End: true } } },
      ],
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
  },
};

const model = (length: number) =>
  foldEvents(
    simulate(definition, '{}', {
      length: () => length,
      task: (_, __, [item]) => (item === 1 ? { ms: 20, error: 'Odd' } : { ms: 20 }),
    }),
  );
const drawn = (rows: TreeRow[]) =>
  rows.map(({ level, name, open, contains }) => {
    const mark = contains ? (open ? '-' : '+') : ' ';
    return `${' '.repeat(level - 1)}${mark}${name}`;
  });

describe('the tree of what ran', () => {
  it('opens where there is little inside', () => {
    expect(drawn(treeRows(model(1), new Map()))).toEqual([
      '-Both',
      ' -Left',
      '   Left',
      ' -Each',
      '  -Each',
      '   -Item 0',
      '     Weigh',
      '     Note',
      ' Done',
    ]);
  });

  it('keeps many iterations closed, and lists the troubled first where that is asked', () => {
    const many = model(3000);
    const closed = treeRows(many, new Map());
    expect(closed).toHaveLength(5);
    const map = closed.find(({ name, kind }) => name === 'Each' && kind === 'visit');
    const opened = new Map([[map?.key ?? '', true]]);
    const byIndex = treeRows(many, opened).filter(({ kind }) => kind === 'item');
    expect(byIndex.map(({ name }) => name).slice(0, 3)).toEqual(['Item 0', 'Item 1', 'Item 2']);
    const byStatus = treeRows(many, opened, 'status').filter(({ kind }) => kind === 'item');
    expect(byStatus[0]).toMatchObject({ name: 'Item 1', status: 'FAILED' });
    expect(byStatus[0]?.size).toBe(byIndex.length);
  });

  it('tells which rows stand around a visit', () => {
    const one = model(1);
    const place = one.visits.findIndex(({ name }) => name === 'Note');
    const keys = rowsAround(one, place);
    const shut = treeRows(one, new Map(keys.map((key) => [key, false])));
    expect(shut.some(({ visit, kind }) => visit === place && kind === 'visit')).toBe(false);
    const wide = treeRows(one, new Map(keys.map((key) => [key, true])));
    expect(wide.some(({ visit, kind }) => visit === place && kind === 'visit')).toBe(true);
  });

  it('shows what a former attempt of a Parallel did', () => {
    const retried = {
      StartAt: 'Both',
      States: {
        Both: {
          ...definition.States.Both,
          Branches: [{ StartAt: 'Weigh', States: { Weigh: { Type: 'Task', End: true } } }],
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          Next: 'Done',
        },
        Done: { Type: 'Succeed' },
      },
    };
    let calls = 0;
    const task = () => (calls++ === 0 ? { ms: 1, error: 'Odd' } : { ms: 1 });
    const rows = treeRows(foldEvents(simulate(retried, '{}', { task })), new Map());
    const branches = rows.filter(({ kind }) => kind === 'branch');
    expect(branches.map(({ earlier, status }) => [earlier, status])).toEqual([
      [true, 'FAILED'],
      [false, 'SUCCEEDED'],
    ]);
  });
});
