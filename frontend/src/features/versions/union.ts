/**
 * Two definitions in one drawing: the newer one, and in it as ghosts the states that are gone and
 * the ways that led to them.
 */

import type { Change } from '@/api/state-machines';
import { innerScopes, placesOf, type Definition, type Scope, type State } from '@/asl/definition';
import { transitionsOf } from '@/asl/transitions';
import type { ChangeMark } from '@/features/graph/graph-store';

const plural = (count: number) => (count === 1 ? 'changed' : `${count} changes`);

/** How a change is marked: what changed within a state is one kind. */
export const markOf = (kind: Change['kind']): ChangeMark['kind'] =>
  kind === 'FIELD_CHANGED' || kind === 'SCOPES_CHANGED' ? 'CHANGED' : kind;

/** What became of each state, the strongest word winning; by the names that are drawn. */
export function marksOf(changes: readonly Change[]): Map<string, ChangeMark> {
  const marks = new Map<string, ChangeMark>();
  const fields = new Map<string, number>();
  for (const { kind, state, oldName } of changes) {
    if (state === null) continue;
    if (markOf(kind) === 'CHANGED') {
      const count = (fields.get(state) ?? 0) + 1;
      fields.set(state, count);
      if ((marks.get(state)?.kind ?? 'CHANGED') === 'CHANGED') {
        marks.set(state, { kind: 'CHANGED', text: plural(count) });
      }
    } else if (kind === 'RENAMED') marks.set(state, { kind, text: `was ${oldName ?? ''}` });
    else marks.set(state, { kind: markOf(kind), text: kind.toLowerCase() });
  }
  return marks;
}

/** The newer definition with ghosts of what is gone. Neither definition is changed. */
export function unite(
  before: Definition,
  after: Definition,
  changes: readonly Change[],
): Definition {
  const drawn = structuredClone(after);
  const nameNow = new Map<string, string>();
  const removed = new Set<string>();
  for (const { kind, state, oldName } of changes) {
    if (kind === 'RENAMED' && state !== null && oldName !== undefined) nameNow.set(oldName, state);
    if (kind === 'REMOVED' && state !== null) removed.add(state);
  }
  const now = (name: string) => nameNow.get(name) ?? name;
  const places = placesOf(before);

  const scopeOf = (container: string | null, branch: number): Scope | null => {
    if (container === null) return drawn;
    const owner = placesOf(drawn).get(now(container))?.state;
    return owner ? (innerScopes(owner)[branch] ?? innerScopes(owner)[0] ?? null) : null;
  };

  for (const name of removed) {
    const place = places.get(name);
    const scope = place && scopeOf(place.container, place.branch);
    if (!scope || name in (scope.States ?? {})) continue;
    scope.States = { ...scope.States, [name]: ghost(place.state) };
  }
  // Every way into or out of a ghost, as it was.
  for (const { container, branch } of new Map(
    [...removed].flatMap((name) => {
      const place = places.get(name);
      return place ? [[`${place.container ?? ''}\u0000${place.branch}`, place] as const] : [];
    }),
  ).values()) {
    const owner = container === null ? before : places.get(container)?.state;
    const old = container === null ? before : owner && innerScopes(owner)[branch];
    const states = scopeOf(container, branch)?.States;
    if (!old || !states) continue;
    for (const { from, to } of transitionsOf(old)) {
      const source = states[now(from)];
      if (!source || !(now(to) in states) || !(removed.has(from) || removed.has(to))) continue;
      source.goneTo = [...(source.goneTo ?? []), now(to)];
    }
  }
  return drawn;
}

/** A state that is gone has no ways of its own: those it had are drawn as gone. */
function ghost(state: State): State {
  const { Type, Resource, Comment } = state;
  return {
    ...(Type !== undefined && { Type: Type === 'Parallel' || Type === 'Map' ? 'Pass' : Type }),
    ...(Resource !== undefined && { Resource }),
    ...(Comment !== undefined && { Comment }),
  };
}
