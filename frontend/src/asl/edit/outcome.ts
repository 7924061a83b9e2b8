/** What a command gives: the definition as it is afterwards, or the reason why it cannot be done. */

import type { Definition } from '../definition';

/** Why a command cannot be done; the message beside it is for the person. */
export type Reason =
  | 'no-such-state'
  | 'no-such-place'
  | 'no-such-item'
  | 'name-taken'
  | 'name-invalid'
  | 'nothing-follows'
  | 'nothing-given'
  | 'same-place'
  | 'inside-itself'
  | 'different-scopes'
  | 'wrong-type'
  | 'last-branch'
  | 'no-states'
  | 'missing-target'
  | 'unreachable'
  | 'no-start'
  | 'no-end'
  | 'no-follow'
  | 'no-rules';

export interface Edited {
  ok: true;
  definition: Definition;
  /** The states to select afterwards. */
  select: string[];
}

export interface Refused {
  ok: false;
  reason: Reason;
  message: string;
}

export type Outcome = Edited | Refused;

/** A command with its arguments: what is done to any definition. */
export type Command = (definition: Definition) => Outcome;

export const refuse = (reason: Reason, message: string): Refused => ({
  ok: false,
  reason,
  message,
});
