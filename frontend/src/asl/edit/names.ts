/** State names: what AWS allows, and names that nobody has yet. */

import type { Scope } from '../definition';
import { innerScopes } from '../definition';
import { namesInside, statesOf, withValues, type AnyState, processorField } from './scopes';
import { retargetScope } from './targets';

/** In characters, as AWS counts. */
export const MAX_NAME = 80;

/** The name itself where it is free, otherwise the first free one of "Name 2", "Name 3", … */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const stem = wanted.replace(/ \d+$/, '').slice(0, MAX_NAME - 5);
  for (let number = 2; ; number++) {
    const name = `${stem} ${number}`;
    if (!taken.has(name)) return name;
  }
}

/** The scope with states renamed, in all scopes inside it, and everything that leads to them. */
export function renameInScope(scope: Scope, names: ReadonlyMap<string, string>): Scope {
  const to = (name: string) => names.get(name) ?? name;
  const states = Object.fromEntries(
    Object.entries(statesOf(scope)).map(([name, state]) => [to(name), renameInside(state, names)]),
  );
  const renamed = withValues(scope, {
    ...(scope.StartAt !== undefined && { StartAt: to(scope.StartAt) }),
    States: states,
  });
  return retargetScope(renamed, to);
}

function renameInside(state: AnyState, names: ReadonlyMap<string, string>): AnyState {
  const inner = innerScopes(state);
  if (inner.length === 0) return state;
  const renamed = inner.map((scope) => renameInScope(scope, names));
  return state.Type === 'Parallel'
    ? withValues(state, { Branches: renamed })
    : withValues(state, { [processorField(state)]: renamed[0] });
}

/** The scope with every name in it that is taken replaced by a free one. */
export function withFreeNames(scope: Scope, taken: ReadonlySet<string>): Scope {
  const used = new Set(taken);
  const names = new Map<string, string>();
  for (const [name, state] of Object.entries(statesOf(scope))) {
    for (const each of namesInside(name, state)) {
      const free = freeName(each, used);
      used.add(free);
      if (free !== each) names.set(each, free);
    }
  }
  return names.size > 0 ? renameInScope(scope, names) : scope;
}
