/** Moving, copying and duplicating states, and wrapping them in a Parallel or a Map. */

import type { Catcher, Definition, Scope } from '../definition';
import { checked } from './checked';
import { entrance, FOLLOW, fragmentOf, leadsOn, tied } from './fragment';
import { healed, heirs, stranded, withDependants } from './heirs';
import { insertAfter, insertAt, type Spot } from './insert';
import { freeName } from './names';
import { refuse, type Command, type Refused } from './outcome';
import { groupsOf } from './remove';
import {
  allNames,
  namesInside,
  own,
  scopeAt,
  statesOf,
  updateScope,
  withEntriesAfter,
  withValues,
  type AnyState,
  type ScopeRef,
} from './scopes';
import { retarget, retargetScope, targetsOf, withNext } from './targets';

interface Chosen {
  ok: true;
  ref: ScopeRef;
  scope: Scope;
  names: Set<string>;
}

/** The states in their one scope; a command on several scopes at once has no one meaning. */
function chosen(definition: Definition, names: readonly string[]): Chosen | Refused {
  const groups = groupsOf(definition, names);
  const [group] = groups;
  const scope = group && scopeAt(definition, group.ref);
  if (!group || !scope) return refuse('no-such-state', 'There is no such state.');
  if (groups.length > 1) {
    return refuse('different-scopes', 'The states stand in different branches. Choose one branch.');
  }
  return { ok: true, ref: group.ref, scope, names: group.names };
}

/** The states as a fragment for the clipboard, or null where they are in different scopes. */
export function copyStates(definition: Definition, names: readonly string[]): Scope | null {
  const found = chosen(definition, names);
  return found.ok ? fragmentOf(found.scope, found.names) : null;
}

/** Moves states to an edge, with the states that only they lead to. */
export const moveStates =
  (names: readonly string[], spot: Spot): Command =>
  (definition) => {
    const found = chosen(definition, names);
    if (!found.ok) return found;
    const moving = withDependants(found.scope, found.names);
    const target = scopeAt(definition, spot.scope);
    if (!target) return refuse('no-such-place', 'The place to move to is not there any more.');
    const states = statesOf(found.scope);
    const carried = [...moving].flatMap((name) => {
      const state = own(states, name);
      return state ? namesInside(name, state) : [];
    });
    if (spot.scope.container !== null && carried.includes(spot.scope.container)) {
      return refuse('inside-itself', 'A state cannot be moved into itself.');
    }
    if ([spot.from, spot.to].some((name) => name !== null && moving.has(name))) {
      return refuse('same-place', 'It stands there already.');
    }
    const fragment = fragmentOf(found.scope, moving);
    const left = updateScope(definition, found.ref, (scope) => healed(scope, moving));
    const outcome = insertAt(spot, fragment)(left);
    if (!outcome.ok) return outcome;
    return checked(definition, outcome.definition, [...names]);
  };

/** Puts a copy of the states after them. */
export const duplicateStates =
  (names: readonly string[]): Command =>
  (definition) => {
    const found = chosen(definition, names);
    if (!found.ok) return found;
    const fragment = fragmentOf(found.scope, found.names);
    if (!leadsOn(fragment)) {
      const [name] = found.names;
      return refuse('nothing-follows', `Nothing can follow '${name ?? ''}', not even its copy.`);
    }
    const inOrder = Object.keys(statesOf(found.scope)).filter((name) => found.names.has(name));
    const leaves = (name: string) => {
      const state = own(statesOf(found.scope), name);
      if (!state) return false;
      const targets = targetsOf(state).filter(({ kind }) => kind !== 'catch');
      return state.End === true || targets.some(({ to }) => !found.names.has(to));
    };
    const last = inOrder.findLast(leaves) ?? inOrder.at(-1) ?? '';
    return insertAfter(last, fragment)(definition);
  };

/** Puts states, with those that only they lead to, into a new Parallel or Map in their place. */
export const wrapStates =
  (names: readonly string[], type: 'Parallel' | 'Map'): Command =>
  (definition) => {
    const found = chosen(definition, names);
    if (!found.ok) return found;
    const { scope, ref } = found;
    const taken = allNames(definition);
    const name = freeName(type, taken);
    let inside = found.names;
    let wrapped = wrapInScope(scope, inside, name, type, taken);
    // What the container's catchers still reach stays outside; the rest goes in, until none is left.
    for (let left = stranded(scope, wrapped); left.size > 0; left = stranded(scope, wrapped)) {
      inside = new Set([...inside, ...left]);
      wrapped = wrapInScope(scope, inside, name, type, taken);
    }
    return checked(
      definition,
      updateScope(definition, ref, () => wrapped),
      [name],
    );
  };

function wrapInScope(
  scope: Scope,
  inside: ReadonlySet<string>,
  name: string,
  type: 'Parallel' | 'Map',
  taken: ReadonlySet<string>,
): Scope {
  const follow = heirs(scope, inside)(entrance(scope, inside));
  const fragment = fragmentOf(scope, inside);
  const caught = catchersOut(fragment);
  const within = retargetScope(fragment, (to, kind) => {
    if (to === FOLLOW || inside.has(to)) return to;
    return kind === 'catch' ? null : FOLLOW;
  });
  const inner = tied(within, null, new Set([...taken, name]));
  const container: AnyState = withNext(
    {
      Type: type,
      ...(type === 'Parallel' ? { Branches: [inner] } : { ItemProcessor: processor(inner) }),
      ...(caught.length > 0 && { Catch: caught }),
    },
    follow,
  );
  const order = Object.keys(statesOf(scope));
  const first = order.findIndex((each) => inside.has(each));
  const kept = Object.entries(statesOf(scope))
    .filter(([each]) => !inside.has(each))
    .map(([each, state]): [string, AnyState] => [
      each,
      retarget(state, (to) => (inside.has(to) ? name : to)),
    ]);
  const states = withEntriesAfter(Object.fromEntries(kept), order[first - 1] ?? null, [
    [name, container],
  ]);
  const start = inside.has(scope.StartAt ?? '') ? name : scope.StartAt;
  return withValues(scope, { StartAt: start, States: states });
}

/** Catchers of the fragment that lead out of it: the container catches in their place. */
function catchersOut(fragment: Scope): Catcher[] {
  const states = statesOf(fragment);
  const found = Object.values(states).flatMap((state) =>
    (Array.isArray(state.Catch) ? state.Catch : []).filter(
      ({ Next }) => typeof Next === 'string' && Next !== '' && !own(states, Next),
    ),
  );
  const texts = new Set<string>();
  return found.filter((each) => {
    const text = JSON.stringify(each);
    return texts.has(text) ? false : texts.add(text);
  });
}

const processor = (inner: Scope) => ({ ProcessorConfig: { Mode: 'INLINE' }, ...inner });
