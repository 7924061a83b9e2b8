/** What ends with what contains it, and what an error passes through on its way out. */

import type { Draft } from '../draft';
import type { Attempt, StateStatus, Visit } from '../model';
import { replaceLast } from './attempts';

/** Not left, not failed. */
export const isOpen = (visit: Visit) => visit.status === 'RUNNING';

/** Ends what is still open inside a visit that has ended; nothing outlives its container. */
export function closeInside(
  draft: Draft,
  visit: Visit | undefined,
  status: StateStatus,
  at: number,
) {
  for (const index of visit?.frames ?? []) closeFrame(draft, index, status, at);
}

/** Ends a frame and what is open in it. */
export function closeFrame(draft: Draft, index: number, status: StateStatus, at: number) {
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

/**
 * Marks the open visits on the way from an event out to (not including) a visit as failed: these
 * are the ones the error passed through.
 */
export function failPath(
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
    // What ran beside the failure: States.Runtime says nothing of it.
    closeInside(draft, visit, 'ABORTED', at);
    const parent = draft.model.frames[frame]?.visit ?? null;
    if (parent === null) return;
    const own = draft.frame(frame);
    if (own?.status === 'RUNNING') {
      own.status = 'FAILED';
      own.endedAt = at;
    }
    index = parent;
    frame = draft.model.visits[parent]?.frame ?? 0;
  }
}

/** The error that the latest failure inside a visit left, looking into nested frames too. */
export function innerError(draft: Draft, visit: Visit): Pick<Attempt, 'error' | 'cause'> {
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
