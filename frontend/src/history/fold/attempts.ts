/** One try at a state's work after the other: Task…, LambdaFunction… and Activity… events. */

import type { Draft } from '../draft';
import { detailsOf, type HistoryEvent } from '../event';
import type { Attempt, Visit } from '../model';

/** How work behind a state ends, by the end of its event's type: LambdaFunctionTimedOut, TaskFailed … */
const ATTEMPT_ENDS: [suffix: string, status: Attempt['status']][] = [
  ['TimedOut', 'TIMED_OUT'],
  ['Failed', 'FAILED'],
  ['Succeeded', 'SUCCEEDED'],
];

/** Changes the latest attempt of a visit that may be changed. */
export function replaceLast(visit: Visit, change: Partial<Attempt>) {
  const last = visit.attempts.at(-1);
  if (last) visit.attempts[visit.attempts.length - 1] = { ...last, ...change };
}

/** `phase` is what its type says behind what does the work: Scheduled, Started, TimedOut … */
export function work(draft: Draft, event: HistoryEvent, phase: string) {
  const index = draft.model.visitOf[event.previousEventId] ?? -1;
  const visit = draft.visit(index);
  draft.record(event.id, visit?.frame ?? 0, index);
  if (!visit) return;
  if (phase === 'Scheduled') {
    visit.attempts.push(startAttempt(draft, event));
    visit.error = visit.cause = null;
    return;
  }
  if (phase === 'Started') {
    replaceLast(visit, {
      startedAt: event.timestamp,
      worker: event.activityStartedEventDetails?.workerName ?? null,
    });
    return;
  }
  const end = ATTEMPT_ENDS.find(([suffix]) => phase.endsWith(suffix));
  if (!end) return;
  const { error = null, cause = null } = detailsOf(event);
  replaceLast(visit, {
    status: end[1],
    endedAt: event.timestamp,
    endedBy: event.id,
    error,
    cause,
  });
  if (end[1] !== 'SUCCEEDED') Object.assign(visit, { error, cause });
}

/** An attempt as it begins. */
export function startAttempt(draft: Draft, event: HistoryEvent): Attempt {
  return {
    scheduledAt: event.timestamp,
    startedAt: null,
    endedAt: null,
    status: 'RUNNING',
    error: null,
    cause: null,
    scheduledBy: event.id,
    endedBy: null,
    redrive: draft.model.redriveCount,
    byWorker: event.type === 'ActivityScheduled',
    worker: null,
  };
}
