/** A state is entered, and left. */

import type { Draft } from '../draft';
import type { HistoryEvent } from '../event';
import { replaceLast } from './attempts';
import { closeInside, isOpen } from './endings';

/** …StateEntered. */
export function enter(draft: Draft, event: HistoryEvent) {
  const details = event.stateEnteredEventDetails;
  if (!details) return;
  const { model } = draft;
  const previous = event.previousEventId;
  const before = model.visitOf[previous] ?? -1;
  const around = model.visits[before];
  let frame = model.frameOf[previous] ?? 0;
  let after: number | null = around ? before : null;
  // Entered from inside a Parallel that is still open: this event begins a branch.
  if (around?.type === 'Parallel' && isOpen(around) && around.frame === frame) {
    frame = draft.addFrame({
      visit: before,
      index: null,
      status: 'RUNNING',
      startedAt: event.timestamp,
      endedAt: null,
      visits: [],
    });
    after = null;
  } else if (around?.frame !== frame) {
    after = null;
  }
  const type = event.type.replace('StateEntered', '');
  const visit = draft.addVisit({
    id: event.id,
    name: details.name,
    type,
    frame,
    // Nothing follows a Fail state: entering it is failing.
    status: type === 'Fail' ? 'FAILED' : 'RUNNING',
    enteredAt: event.timestamp,
    exitedAt: type === 'Fail' ? event.timestamp : null,
    input: details.input ?? null,
    inputTruncated: details.inputDetails?.truncated === true,
    output: null,
    outputTruncated: false,
    assigned: null,
    error: null,
    cause: null,
    attempts: [],
    after,
    frames: [],
    length: null,
  });
  draft.record(event.id, frame, visit);
}

/** …StateExited. */
export function exit(draft: Draft, event: HistoryEvent) {
  const details = event.stateExitedEventDetails;
  if (!details) return;
  const index = draft.climb(event.previousEventId, (visit) => visit.name === details.name);
  const visit = draft.visit(index);
  draft.record(event.id, visit?.frame ?? draft.model.frameOf[event.previousEventId] ?? 0, index);
  if (!visit) return;
  const last = visit.attempts.at(-1);
  const failed = visit.error !== null || last?.status === 'FAILED' || last?.status === 'TIMED_OUT';
  visit.status = failed ? 'CAUGHT' : 'SUCCEEDED';
  visit.exitedAt = event.timestamp;
  visit.output = details.output ?? null;
  visit.outputTruncated = details.outputDetails?.truncated === true;
  visit.assigned = details.assignedVariables ?? null;
  if (last?.status === 'RUNNING') {
    replaceLast(visit, { status: 'SUCCEEDED', endedAt: event.timestamp, endedBy: event.id });
  }
  closeInside(draft, visit, failed ? 'ABORTED' : 'SUCCEEDED', event.timestamp);
}
