import { describe, expect, it } from 'vitest';

import { readExecutionSearch, readMachineSearch, readVersionsSearch } from './search';

describe('addresses', () => {
  it('keep what they know and drop the rest', () => {
    expect(
      readExecutionSearch({
        state: 'Pay',
        visit: 12,
        tab: 'error',
        items: { 'Reserve items': 2, Bad: 'x' },
        surprise: true,
      }),
    ).toEqual({ state: 'Pay', visit: 12, tab: 'error', items: { 'Reserve items': 2 } });
    expect(readExecutionSearch({ state: 7, visit: -1, tab: 'nonsense', items: null })).toEqual({
      state: '7',
    });
    expect(readMachineSearch({ status: 'FAILED' })).toEqual({ status: 'FAILED' });
    expect(readMachineSearch({ status: 'BROKEN' })).toEqual({});
    const before = '6c261c9d-1b54-4463-8682-5eec179dea84';
    expect(readVersionsSearch({ before, after: 'draft' })).toEqual({ before, after: 'draft' });
    expect(readVersionsSearch({ before: 'gone', after: [before] })).toEqual({});
  });
});
