/** Changes inside one state, or of the machine's own fields. */

import type { Definition, Scope } from '../definition';
import { checked } from './checked';
import { dropped, stranded } from './heirs';
import { MAX_NAME, renameInScope } from './names';
import { refuse, type Command } from './outcome';
import {
  allNames,
  findState,
  own,
  statesOf,
  updateScope,
  updateState,
  withValues,
  type AnyState,
} from './scopes';
import { canContinue, withNext } from './targets';

/** Where a value stands inside a state: member names and positions. */
export type FieldPath = (string | number)[];

/** What becomes of states that a changed transition leaves behind. */
export type Strand = 'refuse' | 'delete';

const noState = (name: string) => refuse('no-such-state', `There is no state '${name}'.`);

/** Gives a state another name, and everything that leads to it the new one. */
export const renameState =
  (from: string, to: string): Command =>
  (definition) => {
    const found = findState(definition, from);
    if (!found) return noState(from);
    if (to === from) return refuse('same-place', 'That is its name already.');
    if (to.trim() === '' || Array.from(to).length > MAX_NAME) {
      return refuse('name-invalid', `A name has 1 to ${MAX_NAME} characters.`);
    }
    if (allNames(definition).has(to)) {
      return refuse('name-taken', `There is a state '${to}' already. Names are unique.`);
    }
    const names = new Map([[from, to]]);
    const changed = updateScope(definition, found.ref, (scope) => renameInScope(scope, names));
    return checked(definition, changed, [to]);
  };

/** The value with another value at the path; `undefined` takes it out. */
export function withValueAt(value: unknown, path: FieldPath, next: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  if (typeof key === 'number') {
    const items: unknown[] = Array.isArray(value) ? [...(value as unknown[])] : [];
    const item = withValueAt(items[key], rest, next);
    if (item === undefined) items.splice(key, 1);
    else items[key] = item;
    return items;
  }
  const record = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const inner = own(record as Record<string, unknown>, key);
  return withValues(record, { [key]: withValueAt(inner, rest, next) });
}

function settled(
  before: Definition,
  after: Definition,
  select: string[],
  strand: Strand,
): ReturnType<Command> {
  const outcome = checked(before, after, select);
  if (outcome.ok || outcome.reason !== 'unreachable' || strand === 'refuse') return outcome;
  const ref = findState(before, select[0] ?? '')?.ref;
  if (!ref) return outcome;
  const was = findState(before, select[0] ?? '')?.scope;
  const trimmed = updateScope(after, ref, (scope: Scope) =>
    was ? dropped(scope, stranded(was, scope)) : scope,
  );
  return checked(before, trimmed, select);
}

/** Sets a field of a state, at any depth; `undefined` takes it away. */
export const setField =
  (name: string, path: FieldPath, value: unknown, strand: Strand = 'refuse'): Command =>
  (definition) => {
    if (!findState(definition, name)) return noState(name);
    const changed = updateState(
      definition,
      name,
      (state) => withValueAt(state, path, value) as AnyState,
    );
    return settled(definition, changed, [name], strand);
  };

/** Leads a state to another one, or ends there (`null`). */
export const setNext =
  (name: string, to: string | null, strand: Strand = 'refuse'): Command =>
  (definition) => {
    const found = findState(definition, name);
    if (!found) return noState(name);
    const { state } = found;
    if (!canContinue(state)) {
      return refuse('nothing-follows', `Nothing can follow a ${state.Type ?? 'state'} by Next.`);
    }
    if (to === null ? state.End === true : state.Next === to) {
      return refuse('same-place', 'It leads there already.');
    }
    const changed = updateState(definition, name, (each) => withNext(each, to));
    return settled(definition, changed, [name], strand);
  };

/** Ends a way at the state. */
export const setEnd = (name: string, strand: Strand = 'refuse') => setNext(name, null, strand);

/** Sets a field of the machine itself: its Comment, its QueryLanguage, its TimeoutSeconds, StartAt. */
export const setMachineField =
  (field: string, value: unknown): Command =>
  (definition) =>
    checked(definition, withValues(definition, { [field]: value }), []);

function itemsAt(state: AnyState, path: FieldPath): unknown[] {
  let value: unknown = state;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return [];
    value = own(value as Record<string, unknown>, String(key));
  }
  return Array.isArray(value) ? (value as unknown[]) : [];
}

const changeItems =
  (
    name: string,
    path: FieldPath,
    strand: Strand,
    change: (items: unknown[]) => unknown[] | null,
  ): Command =>
  (definition) => {
    const found = findState(definition, name);
    if (!found) return noState(name);
    const items = change([...itemsAt(found.state, path)]);
    if (items === null) return refuse('no-such-item', 'That entry is not there any more.');
    // An empty list of rules is refused as such; other empty lists say nothing and go.
    const value = items.length > 0 || path[0] === 'Choices' ? items : undefined;
    return setField(name, path, value, strand)(definition);
  };

/** Puts an entry into a list of a state: a choice rule, a retrier, a catcher, a branch. */
export const insertItem = (name: string, path: FieldPath, index: number, item: unknown): Command =>
  changeItems(name, path, 'refuse', (items) => items.toSpliced(index, 0, item));

/** Moves an entry of a list: of two rules that hold, the first wins. */
export const moveItem = (name: string, path: FieldPath, from: number, to: number): Command =>
  changeItems(name, path, 'refuse', (items) => {
    if (from < 0 || from >= items.length || to < 0 || to >= items.length) return null;
    return items.toSpliced(from, 1).toSpliced(to, 0, items[from]);
  });

/** Takes an entry out of a list. */
export const removeItem = (
  name: string,
  path: FieldPath,
  index: number,
  strand: Strand = 'refuse',
): Command =>
  changeItems(name, path, strand, (items) =>
    index >= 0 && index < items.length ? items.toSpliced(index, 1) : null,
  );

/** Adds an empty branch to a Parallel. */
export const addBranch =
  (name: string): Command =>
  (definition) =>
    findState(definition, name)?.state.Type === 'Parallel'
      ? insertItem(name, ['Branches'], Infinity, { StartAt: '', States: {} })(definition)
      : refuse('wrong-type', `'${name}' is no Parallel.`);

/** Takes a branch and all its states out of a Parallel. */
export const removeBranch =
  (name: string, index: number): Command =>
  (definition) => {
    const state = findState(definition, name)?.state;
    if (state?.Type !== 'Parallel') return refuse('wrong-type', `'${name}' is no Parallel.`);
    if ((state.Branches ?? []).length <= 1) {
      return refuse('last-branch', 'A Parallel has at least one branch. Delete the Parallel.');
    }
    return removeItem(name, ['Branches'], index)(definition);
  };

/** The names a state can lead to: those of its scope. */
export function possibleTargets(definition: Definition, name: string): string[] {
  const found = findState(definition, name);
  return found ? Object.keys(statesOf(found.scope)) : [];
}
