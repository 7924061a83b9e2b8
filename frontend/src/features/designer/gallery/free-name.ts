const MOST_CHARACTERS = 80;

/** The name that is wanted, or the first with a number behind it, which nothing has yet. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const name = wanted.slice(0, MOST_CHARACTERS - suffix.length) + suffix;
    if (!taken.has(name)) return name;
  }
}
