/** Where states lead: every reference from one state to another, read and rewritten. */

import type { Catcher, ChoiceRule, Scope } from '../definition';
import { own, statesOf, withValues, type AnyState } from './scopes';

/** What kind of reference it is; a Choice's Default counts as one of its choices. */
export type TargetKind = 'next' | 'choice' | 'catch';

export interface Target {
  kind: TargetKind;
  to: string;
}

/** What a target becomes: another state, or null where the way ends here. */
export type Retarget = (to: string, kind: TargetKind) => string | null;

const list = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : []);

/** Whether the state can say Next or End at all. */
export const canContinue = (state: AnyState) =>
  state.Type !== 'Choice' && state.Type !== 'Succeed' && state.Type !== 'Fail';

/** A state's targets in the definition's order. */
export function targetsOf(state: AnyState): Target[] {
  const targets: Target[] = [];
  const add = (kind: TargetKind, to: unknown) => {
    if (typeof to === 'string') targets.push({ kind, to });
  };
  if (state.Type === 'Choice') {
    for (const rule of list<ChoiceRule>(state.Choices)) add('choice', rule.Next);
    add('choice', state.Default);
  } else if (canContinue(state) && state.End !== true) {
    add('next', state.Next);
  }
  for (const catcher of list<Catcher>(state.Catch)) add('catch', catcher.Next);
  return targets;
}

/** The state with Next, or End where there is none; in the place where either of them stood. */
export function withNext(state: AnyState, next: string | null): AnyState {
  if (!canContinue(state)) return state;
  const entry: [string, unknown] = next === null ? ['End', true] : ['Next', next];
  const entries = Object.entries(state);
  const at = entries.findIndex(([key]) => key === 'Next' || key === 'End');
  const rest = entries.filter(([key]) => key !== 'Next' && key !== 'End');
  rest.splice(at < 0 ? rest.length : at, 0, entry);
  return Object.fromEntries(rest);
}

/** The state with a field that is left out where its list is empty. */
const withList = (state: AnyState, field: string, items: unknown[]) =>
  withValues(state, { [field]: items.length > 0 ? items : undefined });

/**
 * The state with every target replaced. A rule whose target becomes null goes, unless it would be
 * the last: then it takes the Default's target. A catcher whose target becomes null goes.
 */
export function retarget(state: AnyState, change: Retarget): AnyState {
  let changed = state;
  if (state.Type === 'Choice') changed = retargetChoice(changed, change);
  else if (canContinue(state) && state.End !== true && typeof state.Next === 'string') {
    const next = change(state.Next, 'next');
    if (next !== state.Next) changed = withNext(changed, next);
  }
  const catchers = list<Catcher>(state.Catch);
  const kept = catchers.flatMap((catcher) => {
    if (typeof catcher.Next !== 'string') return [catcher];
    const next = change(catcher.Next, 'catch');
    if (next === null) return [];
    return [next === catcher.Next ? catcher : withValues(catcher, { Next: next })];
  });
  const same = kept.length === catchers.length && kept.every((each, i) => each === catchers[i]);
  return same ? changed : withList(changed, 'Catch', kept);
}

function retargetChoice(state: AnyState, change: Retarget): AnyState {
  const rules = list<ChoiceRule>(state.Choices);
  const otherwise = typeof state.Default === 'string' ? change(state.Default, 'choice') : undefined;
  let kept = rules.flatMap((rule) => {
    if (typeof rule.Next !== 'string') return [rule];
    const next = change(rule.Next, 'choice');
    if (next === null) return [];
    return [next === rule.Next ? rule : withValues(rule, { Next: next })];
  });
  const [first] = rules;
  if (kept.length === 0 && first && typeof otherwise === 'string') {
    kept = [withValues(first, { Next: otherwise })];
  }
  const same = kept.length === rules.length && kept.every((each, i) => each === rules[i]);
  const values: Record<string, unknown> = {};
  if (!same) values.Choices = kept;
  if (otherwise !== undefined && otherwise !== state.Default) {
    values.Default = otherwise ?? undefined;
  }
  return Object.keys(values).length > 0 ? withValues(state, values) : state;
}

/** The scope with every target of every state in it replaced. */
export function retargetScope(scope: Scope, change: Retarget): Scope {
  const states = statesOf(scope);
  const changes: Record<string, AnyState> = {};
  for (const [name, state] of Object.entries(states)) {
    const next = retarget(state, change);
    if (next !== state) changes[name] = next;
  }
  return Object.keys(changes).length > 0
    ? withValues(scope, { States: withValues(states, changes) })
    : scope;
}

/** What follows when a state is left out: its Next; of a Choice the first way, Default before all. */
export function waysOn(state: AnyState): string[] {
  if (state.Type === 'Choice') {
    const rules = list<ChoiceRule>(state.Choices).flatMap(({ Next }) => Next ?? []);
    return typeof state.Default === 'string' ? [state.Default, ...rules] : rules;
  }
  return canContinue(state) && state.End !== true && typeof state.Next === 'string'
    ? [state.Next]
    : [];
}

/** The names that can be reached from the scope's start, through states of this scope. */
export function reachable(scope: Scope): Set<string> {
  const states = statesOf(scope);
  const met = new Set<string>();
  const open = scope.StartAt === undefined ? [] : [scope.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = own(states, name);
    if (!state || met.has(name)) continue;
    met.add(name);
    open.push(...targetsOf(state).map(({ to }) => to));
  }
  return met;
}
