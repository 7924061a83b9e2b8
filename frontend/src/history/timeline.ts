/**
 * Where time went. A visit is cut into segments by what was going on, and the time axis is cut into
 * pieces, so that hours in which nothing was done need not push everything else to the edge.
 */

import type { Attempt, ExecutionModel, Visit } from './model';
import type { TreeRow } from './tree';

/**
 * `queued`: an activity that no worker has asked for. `backoff`: between two attempts. `wait`: a Wait state.
 * `inside`: what contains others. The others are the attempt's or the visit's own status.
 */
export type SegmentKind =
  | 'queued'
  | 'backoff'
  | 'wait'
  | 'inside'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'caught'
  | 'aborted'
  | 'untold';

export interface Segment {
  kind: SegmentKind;
  /** Seconds since the epoch. */
  from: number;
  to: number;
  /** Of an attempt: which one it is, from 0. */
  attempt: number | null;
}

const ATTEMPT_KINDS: Record<Attempt['status'], SegmentKind> = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  ABORTED: 'aborted',
  UNTOLD: 'untold',
};

const VISIT_KINDS: Record<Visit['status'], SegmentKind> = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  CAUGHT: 'caught',
  ABORTED: 'aborted',
  TIMED_OUT: 'failed',
  UNTOLD: 'untold',
};

/** A visit's segments in the order of time; `now` ends what has not ended. */
export function segmentsOf(visit: Visit, now: number): Segment[] {
  const end = visit.exitedAt ?? Math.max(now, visit.enteredAt);
  const contains = visit.type === 'Parallel' || visit.type === 'Map';
  if (visit.attempts.length === 0) {
    const kind =
      visit.type === 'Wait' && visit.status !== 'FAILED' ? 'wait' : VISIT_KINDS[visit.status];
    return [{ kind, from: visit.enteredAt, to: end, attempt: null }];
  }
  const segments: Segment[] = [];
  const push = (kind: SegmentKind, from: number, to: number, attempt: number | null) => {
    if (to > from || attempt !== null) segments.push({ kind, from, to, attempt });
  };
  visit.attempts.forEach((attempt, nth) => {
    const before = visit.attempts[nth - 1];
    if (before) push('backoff', before.endedAt ?? attempt.scheduledAt, attempt.scheduledAt, null);
    const to = attempt.endedAt ?? end;
    // Of other work the history tells when it began together with how it ended.
    const taken = attempt.startedAt ?? (attempt.endedAt === null ? to : attempt.scheduledAt);
    const begun = attempt.byWorker ? taken : attempt.scheduledAt;
    if (begun > attempt.scheduledAt) push('queued', attempt.scheduledAt, begun, null);
    const over = ATTEMPT_KINDS[attempt.status];
    push(contains && over === 'succeeded' ? 'inside' : over, begun, to, nth);
  });
  const last = visit.attempts.at(-1);
  if (visit.exitedAt === null && last?.endedAt != null && last.status !== 'SUCCEEDED') {
    push('backoff', last.endedAt, end, null);
  }
  return segments;
}

/** What a row of the tree shows in time. */
export function rowSegments(model: ExecutionModel, row: TreeRow, now: number): Segment[] {
  const visit = model.visits[row.visit];
  if (row.kind === 'visit') return visit ? segmentsOf(visit, now) : [];
  return [{ kind: 'inside', from: row.startedAt, to: row.endedAt ?? now, attempt: null }];
}

/** A stretch of time with its place on an axis that is 1 long. */
export interface Piece {
  from: number;
  to: number;
  at: number;
  length: number;
  /** Nothing was done; where idle time is folded it is shorter than it lasted. */
  idle: boolean;
}

/** A gap counts as idle from this share of the whole, and from a second. */
const IDLE_SHARE = 0.08;
const IDLE_SECONDS = 1;
/** How much of the axis a folded gap takes. */
const FOLDED = 0.03;

export interface TimeScale {
  begin: number;
  end: number;
  pieces: Piece[];
}

/** When something was being done: attempts, and the moments at which states were entered or left. */
function eachBusy(model: ExecutionModel, now: number, take: (from: number, to: number) => void) {
  for (const visit of model.visits) {
    take(visit.enteredAt, visit.enteredAt);
    if (visit.exitedAt !== null) take(visit.exitedAt, visit.exitedAt);
    if (visit.type === 'Parallel' || visit.type === 'Map') continue;
    for (const attempt of visit.attempts) {
      const open = attempt.endedAt === null;
      // Work that nobody has taken up waits as a Wait state does.
      const unclaimed = open && attempt.byWorker && attempt.startedAt === null;
      take(attempt.scheduledAt, unclaimed ? attempt.scheduledAt : (attempt.endedAt ?? now));
      if (unclaimed) take(now, now);
    }
  }
}

/** Whether anything took time but waiting: an attempt that somebody worked on. */
function anyWork(model: ExecutionModel, now: number): boolean {
  let any = false;
  eachBusy(model, now, (from, to) => {
    any ||= to > from;
  });
  return any;
}

/**
 * The gaps of at least this length between what was done. What begins within half of it cannot have
 * such a gap inside: of each half only the first beginning and the last end count, and nothing has
 * to be put in order.
 */
function gapsOf(
  model: ExecutionModel,
  { begin, end, least }: { begin: number; end: number; least: number },
  now: number,
): [from: number, to: number][] {
  const width = least / 2;
  const firsts: number[] = [];
  const lasts: number[] = [];
  const take = (from: number, to: number) => {
    const place = Math.max(0, Math.floor((from - begin) / width));
    firsts[place] = Math.min(firsts[place] ?? Infinity, from);
    lasts[place] = Math.max(lasts[place] ?? -Infinity, to);
  };
  eachBusy(model, now, take);
  take(end, end);
  const gaps: [number, number][] = [];
  let reached = begin;
  firsts.forEach((from, place) => {
    if (from - reached >= least) gaps.push([reached, from]);
    reached = Math.max(reached, Math.min(lasts[place] ?? from, end));
  });
  return gaps;
}

/** The axis from the start to the end, or to `now`; with `fold` idle time is short. */
export function timeScale(model: ExecutionModel, now: number, fold: boolean): TimeScale {
  const begin = model.startedAt ?? now;
  const end = Math.max(begin + 0.001, model.endedAt ?? now);
  const whole: TimeScale = {
    begin,
    end,
    pieces: [{ from: begin, to: end, at: 0, length: 1, idle: false }],
  };
  if (!fold) return whole;

  const least = Math.max(IDLE_SECONDS, (end - begin) * IDLE_SHARE);
  const cuts: { from: number; to: number; idle: boolean }[] = [];
  for (const [from, to] of gapsOf(model, { begin, end, least }, now)) {
    cuts.push({ from: cuts.at(-1)?.to ?? begin, to: from, idle: false });
    cuts.push({ from, to, idle: true });
  }
  if (cuts.length === 0) return whole;
  cuts.push({ from: cuts.at(-1)?.to ?? begin, to: end, idle: false });

  const gaps = cuts.filter(({ idle }) => idle).length;
  const active = cuts.reduce((sum, { from, to, idle }) => sum + (idle ? 0 : to - from), 0);
  // Of Waits alone just the moments between them would be left: there the waiting is what happened.
  if (active === 0 || (active < IDLE_SECONDS && !anyWork(model, now))) return whole;
  const room = 1 - gaps * FOLDED;
  let at = 0;
  const pieces = cuts.map(({ from, to, idle }): Piece => {
    const length = idle ? FOLDED : ((to - from) / active) * room;
    const piece = { from, to, at, length, idle };
    at += length;
    return piece;
  });
  return { begin, end, pieces };
}

/** Where a moment is on the axis, from 0 to 1. */
export function placeOf({ pieces }: TimeScale, moment: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.from ?? 0) <= moment) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low];
  if (!piece) return 0;
  const lasted = piece.to - piece.from;
  const share = lasted > 0 ? (moment - piece.from) / lasted : 0;
  return piece.at + piece.length * Math.min(1, Math.max(0, share));
}

const STEPS = [1, 2, 5];

/** Round moments after the start, in seconds, about as many as asked for, none within folded time. */
export function ticksOf(scale: TimeScale, about: number): number[] {
  const shown = scale.pieces.filter(({ idle }) => !idle);
  const lasted = shown.reduce((sum, { from, to }) => sum + to - from, 0);
  if (lasted <= 0 || about < 1) return [];
  const rough = lasted / about;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((each) => each * ten >= rough) ?? 10) * ten;
  const ticks: number[] = [];
  for (const { from, to } of shown) {
    const first = Math.max(0, Math.ceil((from - scale.begin) / step - 1e-9));
    for (let n = first; n * step <= to - scale.begin + 1e-9 && ticks.length < 400; n++) {
      ticks.push(n * step);
    }
  }
  return ticks;
}
