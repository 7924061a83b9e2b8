import { expect, it } from 'vitest';

import { childrenOf, indexOf } from './children';

it('names the branches of a Parallel by where they begin', () => {
  const Branches = [{ StartAt: 'Pay' }, { StartAt: 'Pack' }];
  expect(childrenOf({ Type: 'Parallel', Branches })).toEqual({
    kind: 'branches',
    firsts: ['Pay', 'Pack'],
  });
  expect(childrenOf({ Type: 'Parallel', Branches: [] })).toBeNull();
});

it('steps into the items of a Map, unless they are executions of their own', () => {
  const processor = { StartAt: 'Pack', States: {} };
  expect(childrenOf({ Type: 'Map', ItemProcessor: processor })).toEqual({ kind: 'items' });
  expect(childrenOf({ Type: 'Map', Iterator: processor })).toEqual({ kind: 'items' });
  const ProcessorConfig = { Mode: 'DISTRIBUTED' };
  expect(childrenOf({ Type: 'Map', ItemProcessor: { ...processor, ProcessorConfig } })).toBeNull();
  expect(childrenOf({ Type: 'Pass' })).toBeNull();
  expect(childrenOf(undefined)).toBeNull();
});

it('takes what is an index, and nothing else', () => {
  expect(['0', ' 41 ', '', '-1', '1.5', 'two'].map(indexOf)).toEqual([
    0,
    41,
    null,
    null,
    null,
    null,
  ]);
});
