/** Definitions and shorthands for the tests of edit commands. */

import type { Definition, State } from '../definition';
import type { Command, Outcome } from './outcome';
import { scopeAt, type ScopeRef, TOP } from './scopes';
import { targetsOf } from './targets';
import type { AnyState } from './scopes';

export const task = (next: string | null, more: Partial<State> = {}): State => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  ...more,
  ...(next === null ? { End: true } : { Next: next }),
});

/** A chain of Tasks: chain('A', 'B') is A, then B, which ends. */
export const chain = (...names: string[]): Definition => ({
  StartAt: names[0] ?? '',
  States: Object.fromEntries(names.map((name, i) => [name, task(names[i + 1] ?? null)])),
});

/** Takes an order, checks it, ships or rejects it; what fails is apologised for. */
export const orders: Definition = {
  Comment: 'Takes orders',
  StartAt: 'Validate',
  States: {
    Validate: task('Paid?', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Apologise' }] }),
    'Paid?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.paid', BooleanEquals: true, Next: 'Both' }],
      Default: 'Reject',
    },
    Both: {
      Type: 'Parallel',
      Branches: [chain('Pack', 'Label'), chain('Invoice')],
      Next: 'Items',
    },
    Items: { Type: 'Map', ItemProcessor: chain('Count'), Next: 'Ship' },
    Ship: task(null),
    Reject: { Type: 'Fail', Error: 'Unpaid' },
    Apologise: task(null),
  },
};

export function done(outcome: Outcome): Definition {
  if (!outcome.ok) throw new Error(`${outcome.reason}: ${outcome.message}`);
  return outcome.definition;
}

export const after = (definition: Definition, ...commands: Command[]) =>
  commands.reduce((each, command) => done(command(each)), definition);

export const reason = (outcome: Outcome) => (outcome.ok ? null : outcome.reason);

/** A scope in short: "A>B B>C|!F C." says where each state leads, "!" by a catcher, "." ends. */
export function shape(definition: Definition, ref: ScopeRef = TOP): string {
  const scope = scopeAt(definition, ref);
  if (!scope) return 'none';
  return Object.entries(scope.States ?? {})
    .map(([name, state]) => {
      const targets = targetsOf(state as AnyState);
      const to = targets.map(({ kind, to }) => (kind === 'catch' ? `!${to}` : to)).join('|');
      return `${name}${to ? `>${to}` : ''}${state.End === true || !targets.length ? '.' : ''}`;
    })
    .join(' ');
}
