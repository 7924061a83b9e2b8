/**
 * Whether a definition hangs together: every target exists, every state can be reached, every scope
 * begins and ends. The rest of validity is the server's; this is what edit commands must not break.
 */

import type { Definition, Scope } from '../definition';
import { isTerminal } from '../transitions';
import { eachScope, own, statesOf, type ScopeRef } from './scopes';
import { canContinue, reachable, targetsOf } from './targets';

export type ProblemKind =
  | 'missing-target'
  | 'unreachable'
  | 'no-start'
  | 'no-end'
  | 'no-follow'
  | 'no-rules'
  | 'name-taken';

export interface StructureProblem {
  kind: ProblemKind;
  ref: ScopeRef;
  /** The state it is about; of a whole scope "". */
  state: string;
  message: string;
}

const where = ({ container }: ScopeRef) => (container === null ? 'the machine' : `'${container}'`);

/** Every structural problem. A scope without states has none: it is only not finished. */
export function structureProblems(definition: Definition): StructureProblem[] {
  const problems: StructureProblem[] = [];
  const names = new Set<string>();
  eachScope(definition, (scope, ref) => {
    for (const name of Object.keys(statesOf(scope))) {
      if (names.has(name)) {
        const message = `There are two states named '${name}'.`;
        problems.push({ kind: 'name-taken', ref, state: name, message });
      }
      names.add(name);
    }
    problems.push(...scopeProblems(scope, ref));
  });
  return problems;
}

function scopeProblems(scope: Scope, ref: ScopeRef): StructureProblem[] {
  const states = statesOf(scope);
  const entries = Object.entries(states);
  if (entries.length === 0) return [];
  const problems: StructureProblem[] = [];
  const add = (kind: ProblemKind, state: string, message: string) =>
    problems.push({ kind, ref, state, message });
  if (own(states, scope.StartAt ?? '') === undefined) {
    add('no-start', '', `${where(ref)} begins at a state that does not exist.`);
  }
  const met = reachable(scope);
  for (const [name, state] of entries) {
    for (const { to } of targetsOf(state)) {
      if (own(states, to) === undefined) {
        add('missing-target', name, `'${name}' would lead to '${to}', which is not in its scope.`);
      }
    }
    if (state.Type === 'Choice' && !(Array.isArray(state.Choices) && state.Choices.length > 0)) {
      add('no-rules', name, `The Choice '${name}' would have no rule.`);
    }
    if (canContinue(state) && state.End !== true && typeof state.Next !== 'string') {
      add('no-follow', name, `'${name}' would neither end nor lead anywhere.`);
    }
    if (!met.has(name)) {
      add('unreachable', name, `'${name}' could no longer be reached.`);
    }
  }
  if (!entries.some(([name, state]) => met.has(name) && isTerminal(state))) {
    add('no-end', '', `No state of ${where(ref)} would end it.`);
  }
  return problems;
}

const key = ({ kind, ref, state }: StructureProblem) =>
  `${kind}\u0000${ref.container ?? ''}\u0000${ref.branch}\u0000${state}`;

/** The first problem that `after` has and `before` has not. */
export function newProblem(before: Definition, after: Definition): StructureProblem | null {
  const found = structureProblems(after);
  if (found.length === 0) return null;
  const known = new Set(structureProblems(before).map(key));
  return found.find((problem) => !known.has(key(problem))) ?? null;
}
