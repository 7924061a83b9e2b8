import { expect, it } from 'vitest';

import { keyOfArn } from '@/api/map-runs';

import { failedPercentage, sharesOf, widthOf } from './counts';

const counts = {
  pending: 90,
  running: 5,
  succeeded: 3,
  failed: 1,
  timedOut: 1,
  aborted: 0,
  total: 100,
  resultsWritten: 0,
  failuresNotRedrivable: 0,
  pendingRedrive: 0,
};

it('shares add up to the total', () => {
  expect(sharesOf(counts).reduce((sum, { count }) => sum + count, 0)).toBe(100);
  expect(failedPercentage(counts)).toBe(2);
});

it('what is there at all is to be seen', () => {
  expect(widthOf(1, 100_000)).toBe(0.5);
  expect(widthOf(0, 0)).toBe(0);
});

it('an ARN names its run', () => {
  const arn = 'arn:aws:states:us-east-1:123456789012:mapRun:orders/Cells:0b-1c';
  expect(keyOfArn(arn)).toEqual({ machine: 'orders', label: 'Cells', run: '0b-1c' });
});
