/** Deleting states: the chain is healed, and what only they led to goes with them. */

import type { Definition } from '../definition';
import { checked } from './checked';
import { dropped, healed, stranded } from './heirs';
import { refuse, type Command } from './outcome';
import { findState, namesInside, sameScope, updateScope, type ScopeRef } from './scopes';

interface Group {
  ref: ScopeRef;
  names: Set<string>;
}

/** The names by scope; what stands inside another of them is left to it. */
export function groupsOf(definition: Definition, names: readonly string[]): Group[] {
  const found = names.flatMap((name) => {
    const each = findState(definition, name);
    return each ? [{ name, ...each }] : [];
  });
  const inside = new Set(
    found.flatMap(({ name, state }) => namesInside(name, state).filter((each) => each !== name)),
  );
  const groups: Group[] = [];
  for (const { name, ref } of found) {
    if (inside.has(name)) continue;
    const group = groups.find((each) => sameScope(each.ref, ref));
    if (group) group.names.add(name);
    else groups.push({ ref, names: new Set([name]) });
  }
  return groups;
}

/** Deletes states, in whatever scopes they stand. The last state of a scope leaves it empty. */
export const deleteStates =
  (names: readonly string[]): Command =>
  (definition) => {
    const groups = groupsOf(definition, names);
    if (groups.length === 0) return refuse('no-such-state', 'There is no such state to delete.');
    let changed = definition;
    for (const { ref, names: gone } of groups) {
      changed = updateScope(changed, ref, (scope) => {
        const next = healed(scope, gone);
        return dropped(next, stranded(scope, next));
      });
    }
    const outcome = checked(definition, changed, []);
    if (!outcome.ok && outcome.reason === 'no-end') {
      return refuse('no-end', `${outcome.message} Insert another end before you delete this one.`);
    }
    return outcome;
  };
