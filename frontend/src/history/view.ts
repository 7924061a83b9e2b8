/**
 * A model seen through a definition: what each state of the graph shows. Where a Map runs a state
 * many times, either one iteration is picked or all of them are counted together.
 */

import { transitionId, type TransitionKind } from '@/asl/transitions';

import { isUnclaimed, retriesOf, type ExecutionModel, type StateStatus, type Visit } from './model';
import { isBetweenAttempts } from './retry';

/** Which iteration of each Map is looked at, by the Map's name; a Map not named shows all. */
export type Picks = Readonly<Record<string, number>>;

export type Counts = Partial<Record<StateStatus, number>>;

export interface Iteration {
  index: number;
  frame: number;
  status: StateStatus;
}

export interface StateView {
  name: string;
  status: StateStatus;
  /** The latest visit in each frame looked at, by status. */
  counts: Counts;
  /** Every visit within the frames looked at, oldest first (places in the model's list). */
  visits: number[];
  /** The visit that deserves attention first. */
  current: number;
  /** Attempts after the first, over the latest visits. */
  retries: number;
  /** Those visits whose last attempt failed while they still run: a retry may be due. */
  retrying: Visit[];
  /** An activity's work waits for a worker to ask for it. */
  unclaimed: boolean;
  /** Of a Map: its iterations by index, and how many there will be. */
  iterations: Iteration[];
  length: number;
}

export interface ExecutionView {
  states: Map<string, StateView>;
  /** Ids of transitions that were taken (`transitionId`), plus `start` and `end:<name>`. */
  taken: Set<string>;
}

const ATTENTION: StateStatus[] = [
  'UNTOLD',
  'SUCCEEDED',
  'ABORTED',
  'CAUGHT',
  'RUNNING',
  'TIMED_OUT',
  'FAILED',
];
const MERGED: StateStatus[] = [
  'SUCCEEDED',
  'CAUGHT',
  'ABORTED',
  'TIMED_OUT',
  'FAILED',
  'UNTOLD',
  'RUNNING',
];

function transitionOf(from: Visit, to: Visit): string {
  const kind: TransitionKind =
    from.status === 'CAUGHT' ? 'catch' : from.type === 'Choice' ? 'choice' : 'next';
  return transitionId(from.name, to.name, kind);
}

/** Adds one to a status's count. */
function count(counts: Counts, status: StateStatus) {
  counts[status] = (counts[status] ?? 0) + 1;
}

/** One status for many: running before failed before whatever else there is. */
export function mergedStatus(counts: Counts): StateStatus {
  return MERGED.findLast((status) => (counts[status] ?? 0) > 0) ?? 'SUCCEEDED';
}

class Looking {
  readonly states = new Map<string, StateView>();
  readonly taken = new Set<string>();

  constructor(
    private readonly model: ExecutionModel,
    private readonly picks: Picks,
  ) {}

  frame(index: number) {
    const latest = new Map<string, number>();
    for (const place of this.model.frames[index]?.visits ?? []) {
      const visit = this.model.visits[place];
      if (!visit) continue;
      latest.set(visit.name, place);
      this.stateOf(visit).visits.push(place);
      const before = visit.after === null ? undefined : this.model.visits[visit.after];
      if (before) this.taken.add(transitionOf(before, visit));
    }
    for (const place of latest.values()) this.visit(place);
  }

  private stateOf(visit: Visit): StateView {
    let view = this.states.get(visit.name);
    if (!view) {
      view = {
        name: visit.name,
        status: visit.status,
        counts: {},
        visits: [],
        current: -1,
        retries: 0,
        retrying: [],
        unclaimed: false,
        iterations: [],
        length: 0,
      };
      this.states.set(visit.name, view);
    }
    return view;
  }

  private visit(place: number) {
    const visit = this.model.visits[place];
    if (!visit) return;
    const view = this.stateOf(visit);
    count(view.counts, visit.status);
    view.status = mergedStatus(view.counts);
    view.retries += retriesOf(visit);
    const last = visit.attempts.at(-1);
    if (isBetweenAttempts(visit)) view.retrying.push(visit);
    view.unclaimed ||= visit.status === 'RUNNING' && last !== undefined && isUnclaimed(last);
    const known = this.model.visits[view.current];
    if (!known || ATTENTION.indexOf(visit.status) >= ATTENTION.indexOf(known.status)) {
      view.current = place;
    }
    view.length += visit.length ?? 0;
    const pick = visit.type === 'Map' ? this.picks[visit.name] : undefined;
    for (const each of visit.frames) {
      const frame = this.model.frames[each];
      if (!frame) continue;
      if (frame.index !== null) {
        view.iterations.push({ index: frame.index, frame: each, status: frame.status });
      }
      if (pick === undefined || frame.index === pick) this.frame(each);
    }
  }
}

/** What the graph shows of a model, with the given iterations picked. */
export function viewOf(model: ExecutionModel, picks: Picks): ExecutionView {
  const looking = new Looking(model, picks);
  looking.frame(0);
  for (const view of looking.states.values()) view.iterations.sort((a, b) => a.index - b.index);
  const root = model.frames[0];
  const last = model.visits[root?.visits.at(-1) ?? -1];
  if (root && root.visits.length > 0) looking.taken.add('start');
  const over = model.status === 'SUCCEEDED' || model.status === 'FAILED';
  if (last && over && last.status === model.status) looking.taken.add(`end:${last.name}`);
  return { states: looking.states, taken: looking.taken };
}

/** Why an execution failed, in terms of its states. */
export interface Failure {
  /** The innermost state that the error came from. */
  visit: Visit;
  error: string | null;
  cause: string | null;
  /** The latest caught error before it, where a Fail state ended what something else began. */
  origin: Visit | null;
}

const hasFailed = ({ status }: Visit) => status === 'FAILED' || status === 'TIMED_OUT';

/** Where an execution failed or timed out; null while it has not, or where no state is to blame. */
export function failureOf(model: ExecutionModel): Failure | null {
  if (model.status !== 'FAILED' && model.status !== 'TIMED_OUT') return null;
  const visitsOf = (frame: number) =>
    (model.frames[frame]?.visits ?? []).flatMap((place) => model.visits[place] ?? []);
  const outermost = visitsOf(0);
  let visit: Visit | undefined;
  for (let inner = outermost; ; inner = visit.frames.flatMap(visitsOf)) {
    const next = inner.findLast(hasFailed);
    if (!next) break;
    visit = next;
  }
  if (!visit) return null;
  const caught = outermost.findLast(({ status, error }) => status === 'CAUGHT' && error !== null);
  return {
    visit,
    error: model.error ?? visit.error,
    cause: model.cause ?? visit.cause,
    origin: visit.type === 'Fail' ? (caught ?? null) : null,
  };
}

/** Counts iterations by status; those a Map has yet to begin are `waiting`. */
export function iterationCounts(view: StateView): { counts: Counts; waiting: number } {
  const counts: Counts = {};
  for (const each of view.iterations) count(counts, each.status);
  return { counts, waiting: Math.max(0, view.length - view.iterations.length) };
}

/** The iterations around a visit, outermost first: which item of which Map it belongs to. */
export function itemsAround(model: ExecutionModel, visit: Visit): { map: string; index: number }[] {
  const items: { map: string; index: number }[] = [];
  let frame = model.frames[visit.frame];
  while (frame && frame.visit !== null) {
    const container = model.visits[frame.visit];
    if (container && frame.index !== null) items.push({ map: container.name, index: frame.index });
    frame = container && model.frames[container.frame];
  }
  return items.reverse();
}
