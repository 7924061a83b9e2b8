/** What of an object or a list stays where it is, and what is new: the plan for rewriting its text. */

/** Whether two JSON values are the same, members in the same order. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((each, i) => same(each, b[i]))
    );
  }
  const left = Object.entries(a);
  const right = Object.entries(b);
  return (
    left.length === right.length &&
    left.every(([key, value], i) => right[i]?.[0] === key && same(value, right[i][1]))
  );
}

/** An entry of the new text: which old one it goes on from (by position), or none. */
export interface Aligned {
  key: string;
  value: unknown;
  from: number | null;
}

/** The longest rising run of numbers, as positions in the list. */
function rising(numbers: number[]): Set<number> {
  const best: number[] = [];
  const previous: number[] = [];
  numbers.forEach((number, at) => {
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[best[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    previous[at] = low > 0 ? (best[low - 1] ?? -1) : -1;
    best[low] = at;
  });
  const kept = new Set<number>();
  for (let at = best.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) kept.add(at);
  return kept;
}

/**
 * The members of an object that has changed. A key that goes while another comes in its place is
 * the same member with a new name.
 */
export function alignMembers(
  keys: readonly string[],
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Aligned[] {
  // Object.keys puts "1" before "a" whatever the text says; what counts is what has changed.
  const order = new Map(Object.keys(before).map((key, index) => [key, index]));
  const position = new Map(keys.map((key, index) => [key, index]));
  const next = Object.entries(after);
  const common = next.filter(([key]) => order.has(key) && position.has(key));
  const still = rising(common.map(([key]) => order.get(key) ?? 0));
  const kept = new Set(common.filter((_, index) => still.has(index)).map(([key]) => key));

  const aligned: Aligned[] = [];
  const gone = (from: number, to: number) => {
    const found: number[] = [];
    for (let i = from; i < to; i++) {
      const key = keys[i];
      if (key !== undefined && !Object.hasOwn(after, key)) found.push(i);
    }
    return found;
  };
  let reached = 0;
  let fresh: Aligned[] = [];
  const close = (until: number) => {
    const left = gone(reached, until);
    const added = fresh.filter(({ from }) => from === null);
    if (left.length === added.length) added.forEach((each, i) => (each.from = left[i] ?? null));
    aligned.push(...fresh);
    fresh = [];
  };
  for (const [key, value] of next) {
    const at = position.get(key);
    if (at !== undefined && kept.has(key)) {
      close(at);
      aligned.push({ key, value, from: at });
      reached = Math.max(reached, at + 1);
    } else {
      fresh.push({ key, value, from: at ?? null });
    }
  }
  close(keys.length);
  return aligned;
}

/** The items of a list that has changed: the same at both ends, and in pairs between them. */
export function alignItems(before: readonly unknown[], after: readonly unknown[]): Aligned[] {
  let head = 0;
  while (head < before.length && head < after.length && same(before[head], after[head])) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    same(before[before.length - 1 - tail], after[after.length - 1 - tail])
  ) {
    tail++;
  }
  return after.map((value, index) => {
    const fromEnd = after.length - index;
    let from: number | null = index;
    if (fromEnd <= tail) from = before.length - fromEnd;
    else if (index >= before.length - tail) from = null;
    return { key: String(index), value, from };
  });
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
