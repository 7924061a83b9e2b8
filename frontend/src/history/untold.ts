/** An execution that has ended, while the last of its history is still on its way. */

import type { Attempt, ExecutionModel, ExecutionStatus, Frame, Visit } from './model';

/** How it ended, as the execution itself tells. */
export interface KnownEnd {
  status: ExecutionStatus;
  /** Seconds since the epoch. */
  endedAt: number;
}

const isOpen = ({ status }: { status: Visit['status'] }) => status === 'RUNNING';

const withoutEnd = (attempt: Attempt, until: number): Attempt =>
  attempt.status === 'RUNNING' ? { ...attempt, status: 'UNTOLD', endedAt: until } : attempt;

/**
 * The model of the history so far with the end that is known. What is open in it has ended since,
 * who knows how: it is UNTOLD, and its time goes on until what is told does, `until` (in seconds).
 * A model of a whole history has nothing open, and comes back with the end alone.
 */
export function withEnd(model: ExecutionModel, end: KnownEnd, until: number): ExecutionModel {
  return {
    ...model,
    ...end,
    frames: model.frames.map((frame): Frame =>
      isOpen(frame) ? { ...frame, status: 'UNTOLD', endedAt: until } : frame,
    ),
    visits: model.visits.map((visit): Visit => {
      if (!isOpen(visit)) return visit;
      const attempts = visit.attempts.map((each) => withoutEnd(each, until));
      return { ...visit, status: 'UNTOLD', exitedAt: until, attempts };
    }),
  };
}
