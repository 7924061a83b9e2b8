/**
 * History events folded into a model. Pure and incremental: applying events in pieces gives exactly
 * what applying them at once gives, so a live page and a reloaded one cannot differ.
 */

import { Draft } from './draft';
import { detailsOf, type HistoryEvent } from './event';
import {
  emptyModel,
  type Attempt,
  type ExecutionModel,
  type StateStatus,
  type Visit,
} from './model';

const isOpen = (visit: Visit) => visit.status === 'RUNNING';

/** How work behind a state ends, by the end of its event's type: LambdaFunctionTimedOut, TaskFailed … */
const ATTEMPT_ENDS: [suffix: string, status: Attempt['status']][] = [
  ['TimedOut', 'TIMED_OUT'],
  ['Failed', 'FAILED'],
  ['Succeeded', 'SUCCEEDED'],
];

const ATTEMPT =
  /^(Task|LambdaFunction|Activity)(Scheduled|Started|StartFailed|SubmitFailed|Submitted|ScheduleFailed|Succeeded|Failed|TimedOut)$/;

function replaceLast(visit: Visit, change: Partial<Attempt>) {
  const last = visit.attempts.at(-1);
  if (last) visit.attempts[visit.attempts.length - 1] = { ...last, ...change };
}

function enter(draft: Draft, event: HistoryEvent) {
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

/** Ends what is still open inside a visit that has ended; nothing outlives its container. */
function closeInside(draft: Draft, visit: Visit | undefined, status: StateStatus, at: number) {
  for (const index of visit?.frames ?? []) closeFrame(draft, index, status, at);
}

function closeFrame(draft: Draft, index: number, status: StateStatus, at: number) {
  const known = draft.model.frames[index];
  if (known?.status !== 'RUNNING') return;
  const frame = draft.frame(index);
  if (!frame) return;
  frame.status = status;
  frame.endedAt = at;
  for (const inner of frame.visits) {
    const seen = draft.model.visits[inner];
    if (!seen || !isOpen(seen)) continue;
    const visit = draft.visit(inner);
    if (!visit) continue;
    visit.status = status;
    visit.exitedAt = at;
    if (visit.attempts.at(-1)?.status === 'RUNNING' && status !== 'SUCCEEDED') {
      replaceLast(visit, { status: status === 'CAUGHT' ? 'FAILED' : status, endedAt: at });
    }
    closeInside(draft, visit, status === 'FAILED' ? 'ABORTED' : status, at);
  }
}

function exit(draft: Draft, event: HistoryEvent) {
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

function work(draft: Draft, event: HistoryEvent, phase: string) {
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

function startAttempt(draft: Draft, event: HistoryEvent): Attempt {
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

/** The error that the latest failure inside a visit left, looking into nested frames too. */
function innerError(draft: Draft, visit: Visit): Pick<Attempt, 'error' | 'cause'> {
  let found: Visit | undefined;
  const look = (frames: number[]) => {
    for (const index of frames) {
      for (const inner of draft.model.frames[index]?.visits ?? []) {
        const each = draft.model.visits[inner];
        if (!each) continue;
        const failed = each.status === 'FAILED' || each.status === 'TIMED_OUT';
        if (failed && each.error !== null && (found?.exitedAt ?? 0) <= (each.exitedAt ?? 0)) {
          found = each;
        }
        look(each.frames);
      }
    }
  };
  look(visit.frames);
  return { error: found?.error ?? null, cause: found?.cause ?? null };
}

/** ParallelStateStarted and MapStateStarted: the first start, or a retry after a failed one. */
function startInside(draft: Draft, event: HistoryEvent, type: 'Parallel' | 'Map') {
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

/**
 * Marks the open visits on the way from an event out to (not including) a visit as failed: these
 * are the ones the error passed through.
 */
function failPath(
  draft: Draft,
  eventId: number,
  until: number,
  at: number,
  error: string | null,
  cause: string | null,
) {
  let index = draft.model.visitOf[eventId] ?? -1;
  let frame = draft.model.frameOf[eventId] ?? 0;
  for (;;) {
    if (index === until) return;
    const visit = draft.visit(index);
    if (visit && (isOpen(visit) || (visit.status === 'FAILED' && visit.error === null))) {
      visit.status = 'FAILED';
      visit.exitedAt = at;
      visit.error ??= error;
      visit.cause ??= cause;
      if (visit.attempts.at(-1)?.status === 'RUNNING') {
        replaceLast(visit, {
          status: 'FAILED',
          endedAt: at,
          error: visit.error,
          cause: visit.cause,
        });
      }
    }
    const parent = draft.model.frames[frame]?.visit ?? null;
    if (parent === null) return;
    const own = draft.frame(frame);
    if (own?.status === 'RUNNING') {
      own.status = 'FAILED';
      own.endedAt = at;
    }
    closeInside(draft, visit, 'ABORTED', at);
    index = parent;
    frame = draft.model.visits[parent]?.frame ?? 0;
  }
}

function endInside(draft: Draft, event: HistoryEvent, type: 'Parallel' | 'Map', failed: boolean) {
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

function iteration(draft: Draft, event: HistoryEvent, phase: string) {
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
  const frame = visit?.frames.findLast((each) => draft.model.frames[each]?.index === item);
  draft.record(event.id, frame ?? 0, -1);
  if (frame === undefined) return;
  if (phase === 'Failed') {
    failPath(draft, event.previousEventId, owner, event.timestamp, null, null);
    closeFrame(draft, frame, 'FAILED', event.timestamp);
  } else {
    closeFrame(draft, frame, phase === 'Aborted' ? 'ABORTED' : 'SUCCEEDED', event.timestamp);
  }
}

function end(draft: Draft, event: HistoryEvent, phase: string) {
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
function redrive(draft: Draft, event: HistoryEvent) {
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

function begin(draft: Draft, event: HistoryEvent) {
  const { model } = draft;
  model.startedAt = event.timestamp;
  model.input = event.executionStartedEventDetails?.input ?? null;
  const frame = draft.frame(0);
  if (frame) frame.startedAt = event.timestamp;
  draft.record(event.id, 0, -1);
}

/** Everything that only belongs to a thread: MapRunStarted, EvaluationFailed, TaskStateAborted … */
function follow(draft: Draft, event: HistoryEvent) {
  const { model } = draft;
  const { state, error, cause } = detailsOf(event);
  let index = model.visitOf[event.previousEventId] ?? -1;
  if (state !== undefined) {
    // EvaluationFailed points to what came before the state, and names the state instead.
    const named = model.visits.findLastIndex((visit) => visit.name === state && isOpen(visit));
    if (named >= 0) index = named;
  }
  const visit = draft.visit(index);
  draft.record(event.id, visit?.frame ?? model.frameOf[event.previousEventId] ?? 0, index);
  if (!visit) return;
  // The siblings of a task that failed are aborted too, and their events follow from its failure.
  const hasFailed = visit.error !== null || visit.cause !== null;
  if (event.type.endsWith('StateAborted') && isOpen(visit) && !hasFailed) {
    visit.status = 'ABORTED';
    visit.exitedAt = event.timestamp;
    replaceLast(visit, { status: 'ABORTED', endedAt: event.timestamp, endedBy: event.id });
    closeInside(draft, visit, 'ABORTED', event.timestamp);
  } else if (error !== undefined && event.type.endsWith('Failed')) {
    visit.error = error;
    visit.cause = cause ?? null;
  }
}

function apply(draft: Draft, event: HistoryEvent) {
  const { type } = event;
  const attempt = ATTEMPT.exec(type);
  if (attempt?.[2] !== undefined) work(draft, event, attempt[2]);
  else if (type.endsWith('StateEntered')) enter(draft, event);
  else if (type.endsWith('StateExited')) exit(draft, event);
  else if (type.startsWith('MapIteration')) iteration(draft, event, type.slice(12));
  else if (type === 'MapStateStarted') startInside(draft, event, 'Map');
  else if (type === 'ParallelStateStarted') startInside(draft, event, 'Parallel');
  else if (type === 'MapStateSucceeded') endInside(draft, event, 'Map', false);
  else if (type === 'ParallelStateSucceeded') endInside(draft, event, 'Parallel', false);
  else if (type === 'MapStateFailed') endInside(draft, event, 'Map', true);
  else if (type === 'ParallelStateFailed') endInside(draft, event, 'Parallel', true);
  else if (type === 'ExecutionStarted') begin(draft, event);
  else if (type === 'ExecutionRedriven') redrive(draft, event);
  else if (/^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(type)) {
    end(draft, event, type.slice(9));
  } else follow(draft, event);
  draft.model.lastEventId = event.id;
}

/**
 * The model with more events folded in; the given model is left as it is. Events already known are
 * passed over; the caller sees to it that none is missing.
 */
export function applyEvents(
  model: ExecutionModel,
  events: readonly HistoryEvent[],
): ExecutionModel {
  const draft = new Draft(model);
  for (const event of events) if (event.id > draft.model.lastEventId) apply(draft, event);
  return draft.model;
}

/** The model of a whole history. */
export function foldEvents(events: readonly HistoryEvent[]): ExecutionModel {
  return applyEvents(emptyModel, events);
}
