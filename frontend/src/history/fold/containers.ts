/** What happens inside Parallel and Map states: their starts and ends, and iterations. */

import type { Draft } from '../draft';
import { detailsOf, type HistoryEvent } from '../event';
import type { Visit } from '../model';
import { replaceLast, startAttempt } from './attempts';
import { closeFrame, closeInside, failPath, innerError, isOpen } from './endings';

/** ParallelStateStarted and MapStateStarted: the first start, or a retry after a failed one. */
export function startInside(draft: Draft, event: HistoryEvent, type: 'Parallel' | 'Map') {
  const index = draft.climb(event.previousEventId, (visit) => visit.type === type && isOpen(visit));
  const visit = draft.visit(index);
  draft.record(event.id, visit?.frame ?? 0, index);
  if (!visit) return;
  if (visit.attempts.length > 0) {
    failPath(draft, event.previousEventId, index, event.timestamp, null, null);
    closeInside(draft, visit, 'ABORTED', event.timestamp);
    replaceLast(visit, {
      status: 'FAILED',
      endedAt: event.timestamp,
      endedBy: event.id,
      ...innerError(draft, visit),
    });
  }
  visit.frames = [];
  visit.length = event.mapStateStartedEventDetails?.length ?? visit.length;
  visit.attempts.push({ ...startAttempt(draft, event), startedAt: event.timestamp });
}

/** ParallelStateSucceeded, MapStateFailed and the like. */
export function endInside(
  draft: Draft,
  event: HistoryEvent,
  type: 'Parallel' | 'Map',
  failed: boolean,
) {
  const index = draft.climb(event.previousEventId, (visit) => visit.type === type && isOpen(visit));
  const visit = draft.visit(index);
  draft.record(event.id, visit?.frame ?? 0, index);
  if (!visit) return;
  if (failed) failPath(draft, event.previousEventId, index, event.timestamp, null, null);
  closeInside(draft, visit, failed ? 'ABORTED' : 'SUCCEEDED', event.timestamp);
  const why = failed ? innerError(draft, visit) : { error: null, cause: null };
  replaceLast(visit, {
    status: failed ? 'FAILED' : 'SUCCEEDED',
    endedAt: event.timestamp,
    endedBy: event.id,
    ...why,
  });
  if (failed) {
    // Not yet known whether a Catch follows; the exit says so.
    Object.assign(visit, { status: 'FAILED', exitedAt: event.timestamp, ...why });
  }
}

/**
 * The frame of an iteration that ends. The event before is nearly always in it: looking through all
 * of a Map's frames for each would make thousands of them slow.
 */
function frameOf(draft: Draft, event: HistoryEvent, visit: Visit | undefined, item: number) {
  const { frames, frameOf: frameOfEvent } = draft.model;
  const near = frameOfEvent[event.previousEventId] ?? 0;
  if (frames[near]?.index === item && visit?.frames.includes(near) === true) return near;
  return visit?.frames.findLast((each) => frames[each]?.index === item);
}

/** MapIterationStarted, …Succeeded, …Failed and …Aborted. */
export function iteration(draft: Draft, event: HistoryEvent, phase: string) {
  const { name, index: item = 0 } = detailsOf(event);
  const owner = draft.climb(
    event.previousEventId,
    (visit) => visit.type === 'Map' && (name === undefined || visit.name === name),
  );
  const visit = draft.model.visits[owner];
  if (phase === 'Started') {
    const frame = draft.addFrame({
      visit: owner,
      index: item,
      status: 'RUNNING',
      startedAt: event.timestamp,
      endedAt: null,
      visits: [],
    });
    draft.record(event.id, frame, -1);
    return;
  }
  const frame = frameOf(draft, event, visit, item);
  draft.record(event.id, frame ?? 0, -1);
  if (frame === undefined) return;
  if (phase === 'Failed') {
    failPath(draft, event.previousEventId, owner, event.timestamp, null, null);
    closeFrame(draft, frame, 'FAILED', event.timestamp);
  } else {
    closeFrame(draft, frame, phase === 'Aborted' ? 'ABORTED' : 'SUCCEEDED', event.timestamp);
  }
}
