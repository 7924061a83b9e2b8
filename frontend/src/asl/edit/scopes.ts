/**
 * Scopes and states inside a definition, found by name and replaced without touching the rest.
 * Names are unique across all scopes, so a container's name and a branch's number name a scope.
 */

import { innerScopes, type Definition, type Scope, type State } from '../definition';

/** The machine itself (`container` null), a Parallel's branch, or a Map's processor (branch 0). */
export interface ScopeRef {
  container: string | null;
  branch: number;
}

export const TOP: ScopeRef = { container: null, branch: 0 };

/** A state with any field that the language or its writer put there. */
export type AnyState = State & Record<string, unknown>;

export const sameScope = (a: ScopeRef, b: ScopeRef) =>
  a.container === b.container && a.branch === b.branch;

/** Calls back for every scope, the outermost first. */
export function eachScope(definition: Definition, visit: (scope: Scope, ref: ScopeRef) => void) {
  const walk = (scope: Scope, ref: ScopeRef) => {
    visit(scope, ref);
    for (const [name, state] of Object.entries(scope.States ?? {})) {
      innerScopes(state).forEach((inner, branch) => walk(inner, { container: name, branch }));
    }
  };
  walk(definition, TOP);
}

/** The scope that a reference names, or null. */
export function scopeAt(definition: Definition, wanted: ScopeRef): Scope | null {
  let found: Scope | null = null;
  eachScope(definition, (scope, ref) => {
    if (found === null && sameScope(ref, wanted)) found = scope;
  });
  return found;
}

export interface Found {
  state: AnyState;
  scope: Scope;
  ref: ScopeRef;
}

/** A state by its name, with the scope it stands in. */
export function findState(definition: Definition, name: string): Found | null {
  let found: Found | null = null;
  eachScope(definition, (scope, ref) => {
    const state = own(scope.States, name);
    if (found === null && state) found = { state: state as AnyState, scope, ref };
  });
  return found;
}

/** The value of a record's own key; "toString" is a good name for a state. */
export function own<T>(record: Record<string, T> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

export const statesOf = (scope: Scope): Record<string, AnyState> =>
  (scope.States ?? {}) as Record<string, AnyState>;

/** Every state's name in all scopes. */
export function allNames(definition: Definition): Set<string> {
  const names = new Set<string>();
  eachScope(definition, (scope) => Object.keys(scope.States ?? {}).forEach((n) => names.add(n)));
  return names;
}

/** The names of a state and of everything inside it. */
export function namesInside(name: string, state: State): string[] {
  const inner = innerScopes(state).flatMap((scope) =>
    Object.entries(scope.States ?? {}).flatMap(([each, value]) => namesInside(each, value)),
  );
  return [name, ...inner];
}

/** A record with another value for some keys; their order stays, `undefined` removes a key. */
export function withValues<T extends object>(record: T, values: Record<string, unknown>): T {
  const entries = Object.entries(record).flatMap(([key, value]): [string, unknown][] => {
    if (!Object.hasOwn(values, key)) return [[key, value]];
    return values[key] === undefined ? [] : [[key, values[key]]];
  });
  const added = Object.entries(values).filter(
    ([key, value]) => value !== undefined && !Object.hasOwn(record, key),
  );
  return Object.fromEntries([...entries, ...added]) as T;
}

/** A record with entries put after one of its keys; at the front where `after` is null. */
export function withEntriesAfter<T>(
  record: Record<string, T>,
  after: string | null,
  entries: [string, T][],
): Record<string, T> {
  const before = Object.entries(record);
  const at = after === null ? 0 : before.findIndex(([key]) => key === after) + 1;
  return Object.fromEntries([...before.slice(0, at), ...entries, ...before.slice(at)]);
}

/** Puts a scope's fields into a state in place of the scope that stood at this branch. */
function replaceInner(state: AnyState, branch: number, scope: Scope): AnyState {
  if (state.Type === 'Parallel') {
    const branches = (state.Branches ?? []).map((old, index) => (index === branch ? scope : old));
    return withValues(state, { Branches: branches });
  }
  return withValues(state, { [processorField(state)]: scope });
}

/** A Map's processor has an old name, too. */
export const processorField = (state: State): 'ItemProcessor' | 'Iterator' =>
  state.ItemProcessor === undefined && state.Iterator !== undefined ? 'Iterator' : 'ItemProcessor';

/** The definition with one scope changed; everything outside it keeps its identity. */
export function updateScope(
  definition: Definition,
  wanted: ScopeRef,
  change: (scope: Scope) => Scope,
): Definition {
  const walk = (scope: Scope, ref: ScopeRef): Scope => {
    if (sameScope(ref, wanted)) return change(scope);
    let changed = scope;
    for (const [name, state] of Object.entries(statesOf(scope))) {
      innerScopes(state).forEach((inner, branch) => {
        if (changed !== scope) return;
        const next = walk(inner, { container: name, branch });
        if (next === inner) return;
        const states = withValues(statesOf(scope), { [name]: replaceInner(state, branch, next) });
        changed = withValues(scope, { States: states });
      });
    }
    return changed;
  };
  return walk(definition, TOP);
}

/** The definition with one state changed. */
export function updateState(
  definition: Definition,
  name: string,
  change: (state: AnyState) => AnyState,
): Definition {
  const found = findState(definition, name);
  if (!found) return definition;
  return updateScope(definition, found.ref, (scope) => {
    const states = statesOf(scope);
    const state = own(states, name);
    return state
      ? withValues(scope, { States: withValues(states, { [name]: change(state) }) })
      : scope;
  });
}
