/** One thing done to many executions, a few at a time, each with its own outcome. */

import { ApiFailure } from '@/api/client';
import type { ExecutionSummary } from '@/api/executions';

/** Requests under way at once. */
const AT_ONCE = 4;

export type Outcome =
  | { state: 'waiting' | 'working' }
  | { state: 'done'; says: string }
  | { state: 'passed'; says: string }
  | { state: 'failed'; says: string };

export interface Bulk {
  /** Why an execution is passed over without asking; null where it is asked. */
  excuse: (execution: ExecutionSummary) => string | null;
  act: (execution: ExecutionSummary) => Promise<string>;
}

export const stopping = (stop: (each: ExecutionSummary) => Promise<{ status: string }>): Bulk => ({
  excuse: ({ status }) => (status === 'RUNNING' ? null : 'does not run'),
  act: async (execution) => {
    const { status } = await stop(execution);
    // It may have ended by itself a moment before.
    return status === 'ABORTED' ? 'stopped' : `had ended: ${status.toLowerCase()}`;
  },
});

export const redriving = (redrive: (each: ExecutionSummary) => Promise<unknown>): Bulk => ({
  excuse: ({ status }) =>
    status === 'RUNNING' ? 'still runs' : status === 'SUCCEEDED' ? 'succeeded' : null,
  act: async (execution) => {
    await redrive(execution);
    return 'goes on';
  },
});

function failure(error: unknown): Outcome {
  if (error instanceof ApiFailure) {
    return { state: 'failed', says: `${error.code}: ${error.message}` };
  }
  return { state: 'failed', says: error instanceof Error ? error.message : 'failed' };
}

/**
 * Does it to all; `tell` hears of every change of an outcome. What fails stops nothing else;
 * `signal` keeps what has not begun from beginning.
 */
export async function doToAll(
  executions: readonly ExecutionSummary[],
  { excuse, act }: Bulk,
  tell: (arn: string, outcome: Outcome) => void,
  signal: AbortSignal,
): Promise<void> {
  let next = 0;
  const work = async () => {
    for (;;) {
      const execution = executions[next++];
      if (!execution || signal.aborted) return;
      const why = excuse(execution);
      if (why !== null) {
        tell(execution.executionArn, { state: 'passed', says: why });
        continue;
      }
      tell(execution.executionArn, { state: 'working' });
      try {
        tell(execution.executionArn, { state: 'done', says: await act(execution) });
      } catch (error) {
        tell(execution.executionArn, failure(error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
