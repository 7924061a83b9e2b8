import { describe, expect, it } from 'vitest';

import { BLANK, isBlank } from './blank';

describe('a blank definition', () => {
  it('is what a new workflow begins with', () => {
    expect(isBlank(JSON.parse(BLANK) as object)).toBe(true);
    expect(isBlank({})).toBe(true);
  });
  it('is one no more as soon as it says something', () => {
    expect(isBlank({ StartAt: 'A', States: {} })).toBe(false);
    expect(isBlank({ StartAt: '', States: {}, Comment: 'Orders' })).toBe(false);
    expect(isBlank({ StartAt: '', States: { A: { Type: 'Pass', End: true } } })).toBe(false);
  });
});
