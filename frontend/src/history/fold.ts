/**
 * History events folded into a model. Pure and incremental: applying events in pieces gives exactly
 * what applying them at once gives, so a live page and a reloaded one cannot differ.
 */

import { Draft } from './draft';
import { detailsOf, type HistoryEvent } from './event';
import { replaceLast, work } from './fold/attempts';
import { endInside, iteration, startInside } from './fold/containers';
import { closeInside, isOpen } from './fold/endings';
import { begin, end, redrive } from './fold/execution';
import { enter, exit } from './fold/visits';
import { emptyModel, type ExecutionModel } from './model';

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

type Handler = (draft: Draft, event: HistoryEvent) => void;

const ATTEMPT =
  /^(?:Task|LambdaFunction|Activity)(Scheduled|Started|StartFailed|SubmitFailed|Submitted|ScheduleFailed|Succeeded|Failed|TimedOut)$/;

/** What an event of a type does to a model. */
function handlerOf(type: string): Handler {
  if (type.endsWith('StateEntered')) return enter;
  if (type.endsWith('StateExited')) return exit;
  const phase = ATTEMPT.exec(type)?.[1];
  if (phase !== undefined) return (draft, event) => work(draft, event, phase);
  if (type.startsWith('MapIteration')) {
    return (draft, event) => iteration(draft, event, type.slice('MapIteration'.length));
  }
  const inside = /^(Map|Parallel)State(Started|Succeeded|Failed)$/.exec(type);
  if (inside) {
    const of = inside[1] as 'Map' | 'Parallel';
    if (inside[2] === 'Started') return (draft, event) => startInside(draft, event, of);
    return (draft, event) => endInside(draft, event, of, inside[2] === 'Failed');
  }
  if (type === 'ExecutionStarted') return begin;
  if (type === 'ExecutionRedriven') return redrive;
  const ended = /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.exec(type)?.[1];
  if (ended !== undefined) return (draft, event) => end(draft, event, ended);
  return follow;
}

/** There are some sixty types, and tens of thousands of events. */
const handlers = new Map<string, Handler>();

function apply(draft: Draft, event: HistoryEvent) {
  let handler = handlers.get(event.type);
  if (!handler) {
    handler = handlerOf(event.type);
    handlers.set(event.type, handler);
  }
  handler(draft, event);
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
