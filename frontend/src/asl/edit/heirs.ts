/** What comes in the place of states that are taken out of a scope. */

import type { Scope } from '../definition';
import { isTerminal } from '../transitions';
import { own, statesOf, withValues, type AnyState } from './scopes';
import { reachable, retarget, targetsOf, waysOn } from './targets';

/**
 * For a state among `names` the first state after it that stays, or null where the way ends. A way
 * that still comes to an end is taken before one that only goes round.
 */
export function heirs(scope: Scope, names: ReadonlySet<string>): (name: string) => string | null {
  const states = statesOf(scope);
  const known = new Map<string, string | null>();
  const ends = (from: string): boolean => {
    const met = new Set<string>();
    const open = [from];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const state = own(states, name);
      if (!state || met.has(name) || names.has(name)) continue;
      met.add(name);
      if (isTerminal(state)) return true;
      open.push(...targetsOf(state).map(({ to }) => to));
    }
    return false;
  };
  const heir = (name: string): string | null => {
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, null); // While it is looked for: a circle has no heir.
    const state = own(states, name);
    const ways = state
      ? waysOn(state)
          .map((to) => (names.has(to) ? heir(to) : own(states, to) ? to : null))
          .filter((to) => to !== null)
      : [];
    const best = ways.length > 1 ? (ways.find(ends) ?? ways[0]) : ways[0];
    known.set(name, best ?? null);
    return best ?? null;
  };
  return heir;
}

/** The scope without the named states, the ways through them joined again. */
export function healed(scope: Scope, names: ReadonlySet<string>): Scope {
  const heir = heirs(scope, names);
  const kept = Object.entries(statesOf(scope))
    .filter(([name]) => !names.has(name))
    .map(([name, state]): [string, AnyState] => [
      name,
      retarget(state, (to) => {
        if (!names.has(to)) return to;
        const next = heir(to);
        return next === name ? null : next;
      }),
    ]);
  const start = scope.StartAt ?? '';
  return withValues(scope, {
    StartAt: names.has(start) ? (heir(start) ?? '') : start,
    States: Object.fromEntries(kept),
  });
}

/** The states of `after` that could be reached in `before` and cannot be any more. */
export function stranded(before: Scope, after: Scope): Set<string> {
  const were = reachable(before);
  const are = reachable(after);
  return new Set(Object.keys(statesOf(after)).filter((name) => were.has(name) && !are.has(name)));
}

/** The named states, and those that only they lead to. */
export function withDependants(scope: Scope, names: ReadonlySet<string>): Set<string> {
  const all = new Set(names);
  for (const name of stranded(scope, healed(scope, names))) all.add(name);
  return all;
}

/** The scope without the named states. */
export const dropped = (scope: Scope, names: ReadonlySet<string>): Scope =>
  withValues(scope, {
    States: Object.fromEntries(
      Object.entries(statesOf(scope)).filter(([name]) => !names.has(name)),
    ),
  });
