import { describe, expect, it } from 'vitest';

import { retryDelays } from './retry-delays';

describe('delays of a retrier', () => {
  it('are those of the language where nothing is said', () => {
    expect(retryDelays({})).toEqual([1, 2, 4]);
  });
  it('grow up to the longest and no further', () => {
    const retrier = { IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 20 };
    expect(retryDelays(retrier)).toEqual([2, 6, 18, 20]);
    expect(retryDelays({ MaxAttempts: 0 })).toEqual([]);
    expect(retryDelays({ MaxAttempts: 99 })).toHaveLength(8);
  });
});
