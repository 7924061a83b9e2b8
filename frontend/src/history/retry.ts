/**
 * When a state is tried again. The history does not say it: it follows from the error, from the
 * attempts before it and from the state's Retriers, so it is the same live, loaded and looked back
 * at. Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */

import type { Retrier } from '@/asl/definition';

import type { Visit } from './model';

/** When the next attempt begins, in seconds since the epoch; `latest`: then, or before (jitter). */
export interface RetryDue {
  at: number;
  latest: boolean;
}

const TIMEOUT = 'States.Timeout';
/** No delay is longer than a year. */
const LONGEST = 31_536_000;

/** Whether the last attempt failed and nothing has followed from it yet. */
export function isBetweenAttempts({ status, attempts }: Visit): boolean {
  const last = attempts.at(-1);
  return status === 'RUNNING' && last?.endedAt != null && last.status !== 'SUCCEEDED';
}

/**
 * The first Retrier that names an error, which alone is asked; undefined where none does. Null where
 * it cannot be told: the history calls a missed heartbeat what it calls any time-out.
 */
function retrierOf(retriers: readonly Retrier[], error: string | null): Retrier | null | undefined {
  if (error === 'States.Runtime') return undefined;
  for (const retrier of retriers) {
    const names = retrier.ErrorEquals ?? [];
    if (error !== null && names.includes(error)) return retrier;
    if (error === TIMEOUT && names.includes('States.HeartbeatTimeout')) return null;
    // What no Retrier names but by itself.
    if (error === 'States.DataLimitExceeded') continue;
    if (names.includes('States.ALL')) return retrier;
    if (names.includes('States.TaskFailed') && error !== TIMEOUT) return retrier;
  }
  return undefined;
}

/** When the next attempt of a visit is due; null where none is, or where it cannot be told. */
export function retryDue(visit: Visit, retriers: readonly Retrier[] | undefined): RetryDue | null {
  const last = visit.attempts.at(-1);
  if (!retriers || last?.endedAt == null || !isBetweenAttempts(visit)) return null;
  const retrier = retrierOf(retriers, last.error);
  if (!retrier) return null;
  const before = visit.attempts.slice(0, -1).filter(({ redrive }) => redrive === last.redrive);
  // It was not the work that failed then, but what came of it: with which error is not kept.
  if (before.some(({ status }) => status === 'SUCCEEDED')) return null;
  const asked = before.map(({ error }) => retrierOf(retriers, error));
  if (asked.includes(null)) return null;
  const used = asked.filter((each) => each === retrier).length;
  const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds } = retrier;
  if (used >= MaxAttempts) return null;
  const delay = Math.min(IntervalSeconds * BackoffRate ** used, MaxDelaySeconds ?? LONGEST);
  return { at: last.endedAt + delay, latest: retrier.JitterStrategy === 'FULL' };
}

/** The one that is due first. */
export function firstDue(
  visits: readonly Visit[],
  retriers: readonly Retrier[] | undefined,
): RetryDue | null {
  let first: RetryDue | null = null;
  for (const visit of visits) {
    const due = retryDue(visit, retriers);
    if (due && (first === null || due.at < first.at)) first = due;
  }
  return first;
}
