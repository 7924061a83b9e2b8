/** One way of saying a thing for another: Seconds for Timestamp, a number for the path to one. */

import { checked } from './checked';
import { withValueAt, type FieldPath } from './fields';
import { refuse, type Command } from './outcome';
import { findState, own, updateState, type AnyState } from './scopes';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at a path inside a state; an empty one where there is none. */
export function objectAt(state: AnyState, path: FieldPath): Record<string, unknown> {
  let value: unknown = state;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return {};
    value = own(value as Record<string, unknown>, String(key));
  }
  return isRecord(value) ? value : {};
}

/** A record with one key under another name and with another value, in the same place. */
export function renamedMember(
  record: Record<string, unknown>,
  from: string,
  to: string,
  value: unknown,
): Record<string, unknown> {
  const others = Object.entries(record).filter(([key]) => key === from || key !== to);
  if (!Object.hasOwn(record, from)) return Object.fromEntries([...others, [to, value]]);
  return Object.fromEntries(others.map((each) => (each[0] === from ? [to, value] : each)));
}

/**
 * Puts one field of the object at `path` in the place of another: the two are never there
 * together. Where `from` is missing, `to` is added.
 */
export const exchangeField =
  (name: string, path: FieldPath, from: string, to: string, value: unknown): Command =>
  (definition) => {
    const found = findState(definition, name);
    if (!found) return refuse('no-such-state', `There is no state '${name}'.`);
    const changed = renamedMember(objectAt(found.state, path), from, to, value);
    const next = updateState(
      definition,
      name,
      (state) => withValueAt(state, path, changed) as AnyState,
    );
    return checked(definition, next, [name]);
  };

const IS_TAKEN = /^(\$|States\.)/;

/**
 * Sets a member of a payload template in JSONPath: a text that is a path or an intrinsic function
 * gets the name with ".$", any other value the plain one. `undefined` takes either away.
 */
export const setTemplateMember =
  (name: string, path: FieldPath, member: string, value: unknown): Command =>
  (definition) => {
    const found = findState(definition, name);
    if (!found) return refuse('no-such-state', `There is no state '${name}'.`);
    const record = objectAt(found.state, path);
    const was = Object.hasOwn(record, `${member}.$`) ? `${member}.$` : member;
    const taken = typeof value === 'string' && IS_TAKEN.test(value);
    const is = taken ? `${member}.$` : member;
    const changed = renamedMember(record, was, is, value);
    if (value === undefined) Reflect.deleteProperty(changed, is);
    const empty = Object.keys(changed).length === 0;
    const next = updateState(
      definition,
      name,
      (state) => withValueAt(state, path, empty ? undefined : changed) as AnyState,
    );
    return checked(definition, next, [name]);
  };
