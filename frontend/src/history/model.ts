/**
 * What a history says, as values. A Visit is one stay in a state; a Frame is one run of a scope:
 * the machine itself, a Parallel's branch or a Map's iteration. Both refer to each other by their
 * place in the model's lists, so that a model is plain data that can be compared and copied.
 */

export type ExecutionStatus =
  'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';

/**
 * How a state stands. CAUGHT: it failed and a Catch took over. UNTOLD: it has ended, and the part of
 * the history that tells how has not come yet (`withEnd`); folding never gives it.
 */
export type StateStatus =
  'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CAUGHT' | 'ABORTED' | 'TIMED_OUT' | 'UNTOLD';

/** What deserves a look first. */
export const BY_URGENCY: readonly StateStatus[] = [
  'FAILED',
  'TIMED_OUT',
  'ABORTED',
  'CAUGHT',
  'RUNNING',
  'UNTOLD',
  'SUCCEEDED',
];

/** One try at a state's work: a Task's call, or one start of a Parallel or Map. Times in seconds. */
export interface Attempt {
  scheduledAt: number;
  startedAt: number | null;
  endedAt: number | null;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'UNTOLD';
  error: string | null;
  cause: string | null;
  /** Id of the event that scheduled it, and of the one that ended it. */
  scheduledBy: number;
  endedBy: number | null;
  /** How often the execution had been redriven when it was scheduled. */
  redrive: number;
  /** Of an activity: a worker outside asks for the work, and may have given its name. */
  byWorker: boolean;
  worker: string | null;
}

/** Whether an activity's work waits for a worker to ask for it. */
export function isUnclaimed(attempt: Attempt): boolean {
  return attempt.byWorker && attempt.startedAt === null && attempt.endedAt === null;
}

export interface Visit {
  /** Id of the event that entered the state. */
  id: number;
  name: string;
  type: string;
  frame: number;
  status: StateStatus;
  enteredAt: number;
  exitedAt: number | null;
  input: string | null;
  inputTruncated: boolean;
  output: string | null;
  outputTruncated: boolean;
  assigned: Record<string, string> | null;
  error: string | null;
  cause: string | null;
  attempts: Attempt[];
  /** The visit this one followed in its frame, or null at the frame's start. */
  after: number | null;
  /** Frames of the current attempt of a Parallel or Map, in the order they began. */
  frames: number[];
  /** How many items a Map was given. */
  length: number | null;
}

export interface Frame {
  /** The visit that contains it; null for the machine itself. */
  visit: number | null;
  /** Index of a Map's iteration; null for branches. */
  index: number | null;
  status: StateStatus;
  startedAt: number;
  endedAt: number | null;
  /** Its visits, in order of entry. */
  visits: number[];
}

/** How often a state's work was tried again by itself; a redrive begins it anew. */
export const retriesOf = ({ attempts }: Visit) =>
  attempts.filter(({ redrive }, nth) => nth > 0 && attempts[nth - 1]?.redrive === redrive).length;

export interface ExecutionModel {
  /** Events 1..lastEventId are folded in. */
  lastEventId: number;
  status: ExecutionStatus;
  startedAt: number | null;
  endedAt: number | null;
  input: string | null;
  output: string | null;
  error: string | null;
  cause: string | null;
  /** Frame 0 is the machine. */
  frames: Frame[];
  visits: Visit[];
  /** Per event id: its frame and its visit (-1 for none). Index 0 is unused. */
  frameOf: number[];
  visitOf: number[];
  redriveCount: number;
}

export const emptyModel: ExecutionModel = {
  lastEventId: 0,
  status: 'RUNNING',
  startedAt: null,
  endedAt: null,
  input: null,
  output: null,
  error: null,
  cause: null,
  frames: [
    { visit: null, index: null, status: 'RUNNING', startedAt: 0, endedAt: null, visits: [] },
  ],
  visits: [],
  frameOf: [0],
  visitOf: [-1],
  redriveCount: 0,
};
