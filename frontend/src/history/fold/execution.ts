/** The execution begins, ends, and goes on after a redrive. */

import type { Draft } from '../draft';
import { detailsOf, type HistoryEvent } from '../event';
import { replaceLast } from './attempts';
import { closeFrame, failPath, isOpen } from './endings';

/** ExecutionStarted. */
export function begin(draft: Draft, event: HistoryEvent) {
  const { model } = draft;
  model.startedAt = event.timestamp;
  model.input = event.executionStartedEventDetails?.input ?? null;
  const frame = draft.frame(0);
  if (frame) frame.startedAt = event.timestamp;
  draft.record(event.id, 0, -1);
}

/** ExecutionSucceeded, …Failed, …Aborted and …TimedOut. */
export function end(draft: Draft, event: HistoryEvent, phase: string) {
  const { model } = draft;
  const { error = null, cause = null, output = null } = detailsOf(event);
  draft.record(event.id, 0, -1);
  model.endedAt = event.timestamp;
  if (phase === 'Succeeded') {
    model.status = 'SUCCEEDED';
    model.output = output;
    closeFrame(draft, 0, 'SUCCEEDED', event.timestamp);
    return;
  }
  model.error = error;
  model.cause = cause;
  if (phase === 'Failed') {
    model.status = 'FAILED';
    failPath(draft, event.previousEventId, -2, event.timestamp, error, cause);
    closeFrame(draft, 0, 'ABORTED', event.timestamp);
  } else {
    model.status = phase === 'Aborted' ? 'ABORTED' : 'TIMED_OUT';
    closeFrame(draft, 0, model.status, event.timestamp);
  }
  const frame = draft.frame(0);
  if (frame) frame.status = model.status === 'FAILED' ? 'FAILED' : frame.status;
}

/**
 * ExecutionRedriven: what had not been left goes on, without being entered again. A Fail state is
 * over at once: the failure that follows comes from it.
 */
export function redrive(draft: Draft, event: HistoryEvent) {
  let fail = -1;
  const reopen = (index: number) => {
    const frame = draft.frame(index);
    const last = frame?.visits.at(-1);
    if (!frame || frame.status === 'SUCCEEDED') return;
    frame.status = 'RUNNING';
    frame.endedAt = null;
    const visit = last === undefined ? undefined : draft.visit(last);
    if (last === undefined || !visit || isOpen(visit)) return;
    if (visit.status === 'SUCCEEDED' || visit.status === 'CAUGHT') return;
    if (visit.type === 'Fail') {
      fail = last;
      return;
    }
    visit.status = 'RUNNING';
    visit.exitedAt = visit.error = visit.cause = null;
    if (visit.type !== 'Parallel' && visit.type !== 'Map') return;
    replaceLast(visit, {
      status: 'RUNNING',
      endedAt: null,
      endedBy: null,
      error: null,
      cause: null,
    });
    visit.frames.forEach(reopen);
  };
  reopen(0);
  const { model } = draft;
  model.status = 'RUNNING';
  model.endedAt = model.error = model.cause = null;
  model.redriveCount += 1;
  draft.record(event.id, model.visits[fail]?.frame ?? 0, fail);
}
