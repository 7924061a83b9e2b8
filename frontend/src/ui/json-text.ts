/** The text indented, where it is JSON; otherwise as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Whether a value has more values inside it, at any depth, than so many. */
export function hasMoreThan(value: unknown, most: number): boolean {
  let left = most;
  const count = (inside: unknown): boolean => {
    if (typeof inside !== 'object' || inside === null) return false;
    for (const each of Object.values(inside)) if (--left < 0 || count(each)) return true;
    return false;
  };
  return count(value);
}
