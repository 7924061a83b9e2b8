/** Carries out a JSON Patch (RFC 6902), as quick fixes bring one. */

import type { Definition } from '../definition';
import { refuse, type Command } from './outcome';

export interface PatchOperation {
  op?: unknown;
  path?: unknown;
  from?: unknown;
  value?: unknown;
}

const keysOf = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

function at(value: unknown, keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

/** The value with a change at the place; undefined where there is no such place. */
function changed(
  value: unknown,
  keys: readonly string[],
  change: (holder: unknown, key: string) => unknown,
): unknown {
  const [key = '', ...rest] = keys;
  if (keys.length === 1) return change(value, key);
  const inner = changed(at(value, [key]), rest, change);
  if (inner === undefined) return undefined;
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    return items.with(Number(key), inner);
  }
  return { ...(value as object), [key]: inner };
}

const put = (insert: boolean, item: unknown) => (holder: unknown, key: string) => {
  if (Array.isArray(holder)) {
    const items: unknown[] = holder;
    const index = key === '-' ? items.length : Number(key);
    return insert ? items.toSpliced(index, 0, item) : items.with(index, item);
  }
  return typeof holder === 'object' && holder !== null ? { ...holder, [key]: item } : undefined;
};

const take = (holder: unknown, key: string): unknown => {
  if (Array.isArray(holder)) return holder.toSpliced(Number(key), 1);
  if (typeof holder !== 'object' || holder === null) return undefined;
  return Object.fromEntries(Object.entries(holder).filter(([each]) => each !== key));
};

function step(value: unknown, { op, path, from, value: given }: PatchOperation): unknown {
  const keys = keysOf(String(path));
  if (op === 'add') return changed(value, keys, put(true, given));
  if (op === 'replace') return changed(value, keys, put(false, given));
  if (op === 'remove') return changed(value, keys, take);
  const source = keysOf(String(from));
  const item = at(value, source);
  if (op === 'copy') return changed(value, keys, put(true, item));
  if (op !== 'move') return op === 'test' ? value : undefined;
  return changed(changed(value, source, take), keys, put(true, item));
}

/** A fix of the server's. It may mend a structure that was broken, so nothing more is asked of it. */
export const patch =
  (operations: readonly PatchOperation[]): Command =>
  (definition) => {
    let value: unknown = definition;
    for (const operation of operations) {
      value = step(value, operation);
      if (typeof value !== 'object' || value === null) {
        return refuse('no-such-place', 'The text has changed since: the fix no longer fits.');
      }
    }
    return { ok: true, definition: value as Definition, select: [] };
  };
