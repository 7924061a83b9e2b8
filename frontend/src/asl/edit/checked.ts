/** The last step of every command: what it made must hang together as well as what it was given. */

import type { Definition } from '../definition';
import { refuse, type Outcome } from './outcome';
import { newProblem } from './structure';

/** The outcome of a command: refused where it would break what was whole before. */
export function checked(before: Definition, after: Definition, select: string[]): Outcome {
  const problem = newProblem(before, after);
  if (problem) return refuse(problem.kind, problem.message);
  return { ok: true, definition: after, select };
}
