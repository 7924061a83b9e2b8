/**
 * A piece of a workflow on its way to a place: a scope whose open ends lead to FOLLOW. The palette,
 * the patterns, the clipboard and every move hand over one of these.
 */

import type { Scope, State } from '../definition';
import { freeName } from './names';
import { own, statesOf, withValues, type AnyState } from './scopes';
import { heirs } from './heirs';
import { canContinue, reachable, retarget, retargetScope, targetsOf, withNext } from './targets';

/** Stands in a fragment for whatever follows it. No state can have this name. */
export const FOLLOW = '';

/** A fragment of one state; where the state can lead on, it does. */
export function single(name: string, state: State): Scope {
  const open =
    canContinue(state as AnyState) && state.Next === undefined && state.End === undefined;
  return { StartAt: name, States: { [name]: open ? withNext(state as AnyState, FOLLOW) : state } };
}

/** Whether something can follow the fragment. */
export const leadsOn = (fragment: Scope) =>
  Object.values(statesOf(fragment)).some((state) =>
    targetsOf(state).some(({ to }) => to === FOLLOW),
  );

/**
 * The fragment with its open ends tied to what follows. Where nothing does, a state that may end
 * ends, and a way that must lead somewhere leads to a Succeed of its own.
 */
export function tied(fragment: Scope, follow: string | null, taken: ReadonlySet<string>): Scope {
  if (follow !== null) return retargetScope(fragment, (to) => (to === FOLLOW ? follow : to));
  const states = statesOf(fragment);
  const needsTarget = Object.values(states).some((state) =>
    targetsOf(state).some(({ kind, to }) => to === FOLLOW && kind !== 'next'),
  );
  const end = freeName('Done', new Set([...taken, ...Object.keys(states)]));
  const ended = retargetScope(fragment, (to, kind) => {
    if (to !== FOLLOW) return to;
    return kind === 'next' ? null : end;
  });
  if (!needsTarget) return ended;
  return withValues(ended, { States: { ...statesOf(ended), [end]: { Type: 'Succeed' } } });
}

/**
 * The fragment as it may stand in a scope: catchers that lead to states the scope does not have
 * are left out, rules that do lead on.
 */
export function fitted(fragment: Scope, scope: Scope): Scope {
  const inside = statesOf(fragment);
  const around = statesOf(scope);
  return retargetScope(fragment, (to, kind) => {
    if (to === FOLLOW || own(inside, to) || own(around, to)) return to;
    return kind === 'catch' ? null : FOLLOW;
  });
}

/**
 * The named states of a scope as a fragment. What led out of them leads to FOLLOW, except catchers
 * and the rules of a Choice beside its first way on: those keep their targets. Parts that do not
 * hang together become one chain in the definition's order.
 */
export function fragmentOf(scope: Scope, names: ReadonlySet<string>): Scope {
  const heir = heirs(scope, names);
  const states = Object.fromEntries(
    Object.entries(statesOf(scope))
      .filter(([name]) => names.has(name))
      .map(([name, state]): [string, AnyState] => {
        const open = state.End === true ? withNext(state, FOLLOW) : state;
        const on = heir(name);
        return [
          name,
          retarget(open, (to, kind) => {
            if (to === FOLLOW || names.has(to) || kind === 'catch') return to;
            return kind === 'next' || to === on ? FOLLOW : to;
          }),
        ];
      }),
  );
  return chained({ StartAt: entrance(scope, names), States: states });
}

/** Where the named states are entered: the machine's start, or the first that others lead to. */
export function entrance(scope: Scope, names: ReadonlySet<string>): string {
  if (scope.StartAt !== undefined && names.has(scope.StartAt)) return scope.StartAt;
  const entered = new Set(
    Object.entries(statesOf(scope))
      .filter(([name]) => !names.has(name))
      .flatMap(([, state]) => targetsOf(state).map(({ to }) => to)),
  );
  const inside = Object.keys(statesOf(scope)).filter((name) => names.has(name));
  return inside.find((name) => entered.has(name)) ?? inside[0] ?? FOLLOW;
}

function chained(fragment: Scope): Scope {
  let chain = fragment;
  for (;;) {
    const met = reachable(chain);
    const next = Object.keys(statesOf(chain)).find((name) => !met.has(name));
    if (next === undefined || !leadsOn(chain)) return chain;
    const states = Object.entries(statesOf(chain)).map(([name, state]): [string, AnyState] => [
      name,
      met.has(name) ? retarget(state, (to) => (to === FOLLOW ? next : to)) : state,
    ]);
    const linked = withValues(chain, { States: Object.fromEntries(states) });
    if (reachable(linked).size === met.size) return chain;
    chain = linked;
  }
}
