/** Commands by chance, for property tests: any command, on any state, sensible or not. */

import fc from 'fast-check';

import type { Definition } from '../definition';
import { generateDefinition } from '../layout/definitions.fixture';
import { orders } from './edit.fixture';
import {
  addBranch,
  copyStates,
  deleteStates,
  duplicateStates,
  exchangeField,
  FOLLOW,
  insertAfter,
  insertAt,
  insertBefore,
  insertFirst,
  insertItem,
  moveItem,
  moveStates,
  removeBranch,
  removeItem,
  renameState,
  setBatching,
  setEnd,
  setField,
  setItemSource,
  setNext,
  setProcessing,
  setResultWriter,
  setTemplateMember,
  single,
  wrapStates,
  type Command,
  type Spot,
} from './index';
import { allNames, eachScope, statesOf, type ScopeRef } from './scopes';
import { targetsOf } from './targets';

/** A piece of chance: which of the things at hand to take. */
export type Dice = [number, number, number, number];

const pick = <T>(items: readonly T[], dice: number): T | undefined => items[dice % items.length];

function spots(definition: Definition): Spot[] {
  const found: Spot[] = [];
  eachScope(definition, (scope, ref: ScopeRef) => {
    found.push({
      scope: ref,
      from: null,
      to: scope.StartAt === '' ? null : (scope.StartAt ?? null),
      kind: 'next',
    });
    for (const [name, state] of Object.entries(statesOf(scope))) {
      for (const { kind, to } of targetsOf(state)) found.push({ scope: ref, from: name, to, kind });
      if (state.End === true) found.push({ scope: ref, from: name, to: null, kind: 'next' });
    }
  });
  return found;
}

const pieces = [
  single('Wait', { Type: 'Wait', Seconds: 5 }),
  single('Stop', { Type: 'Fail' }),
  single('Choose', {
    Type: 'Choice',
    Choices: [{ Variable: '$', IsNull: true, Next: FOLLOW }],
    Default: FOLLOW,
  }),
  single('Both', {
    Type: 'Parallel',
    Branches: [{ StartAt: 'Inner', States: { Inner: { Type: 'Pass', End: true } } }],
  }),
];

/** A command for this definition; often one that cannot be done, as people try such things too. */
export function commandFor(definition: Definition, [which, a, b, c]: Dice): Command {
  const names = [...allNames(definition)];
  const name = pick(names, a) ?? 'Nobody';
  const other = pick(names, b) ?? 'Nobody';
  const spot = pick(spots(definition), b) ?? {
    ...{ scope: { container: null, branch: 0 }, from: null, to: null },
    kind: 'next' as const,
  };
  const piece = pick(pieces, c) ?? {};
  const some = c % 2 === 0 ? [name] : [name, other];
  const commands: (() => Command)[] = [
    () => insertAt(spot, piece),
    () => insertBefore(name, piece),
    () => insertAfter(name, piece),
    () => insertFirst(spot.scope, piece),
    () => deleteStates(some),
    () => moveStates(some, spot),
    () => duplicateStates(some),
    () => insertAfter(other, copyStates(definition, some) ?? {}),
    () => wrapStates(some, c % 3 === 0 ? 'Map' : 'Parallel'),
    () => renameState(name, pick(['Fresh', 'Fresher', other, ''], c) ?? ''),
    () => setNext(name, other, c % 2 === 0 ? 'delete' : 'refuse'),
    () => setEnd(name, c % 2 === 0 ? 'delete' : 'refuse'),
    () => addBranch(name),
    () => removeBranch(name, b % 3),
    () => insertItem(name, ['Choices'], 0, { Variable: '$.x', IsNull: true, Next: other }),
    () => moveItem(name, ['Choices'], b % 3, c % 3),
    () => removeItem(name, ['Choices'], b % 3, c % 2 === 0 ? 'delete' : 'refuse'),
    () => insertItem(name, ['Catch'], 0, { ErrorEquals: ['States.ALL'], Next: other }),
    () => removeItem(name, ['Catch'], 0, 'delete'),
    () => exchangeField(name, [], 'Seconds', 'SecondsPath', '$.seconds'),
    () => setTemplateMember(name, ['Parameters'], 'Bucket', c % 2 === 0 ? '$.bucket' : 'shop'),
    () => setProcessing(name, pick(['INLINE', 'STANDARD', 'EXPRESS'] as const, c) ?? 'INLINE'),
    () => setItemSource(name, pick(['INPUT', 'CSV', 'OBJECTS', 'JSON'] as const, c) ?? 'INPUT'),
    () => setBatching(name, c % 2 === 0),
    () => setResultWriter(name, c % 2 === 0),
    () => setField(name, ['Comment'], 'Why'),
    () => setField(name, [pick(['Next', 'Type', 'Default', 'Choices'], c) ?? ''], 'Nobody'),
  ];
  return (pick(commands, which) ?? (() => deleteStates([])))();
}

export const dice = fc.tuple(
  fc.nat(999),
  fc.nat(999),
  fc.nat(999),
  fc.nat(999),
) as fc.Arbitrary<Dice>;

export const starts = fc.oneof(
  fc.constant(orders),
  fc.constant<Definition>({ StartAt: '', States: {} }),
  fc.integer({ min: 1, max: 500 }).map((seed) => generateDefinition(seed, 12)),
);
