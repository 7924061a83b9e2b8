/** The waits that a retrier comes to. */

import type { Retrier } from '@/asl/definition';

const MOST = 8;

/** Seconds before each attempt; at most eight of them, without jitter. */
export function retryDelays(retrier: Retrier): number[] {
  const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds } = retrier;
  return Array.from({ length: Math.max(0, Math.min(MOST, MaxAttempts)) }, (_, attempt) => {
    const delay = IntervalSeconds * BackoffRate ** attempt;
    return Math.round(Math.min(delay, MaxDelaySeconds ?? Infinity) * 100) / 100;
  });
}
