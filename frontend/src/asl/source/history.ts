/**
 * One history for code and canvas: every change is a splice of the text, so that undoing is exact
 * and a thousand edits of a large definition stay small.
 */

/** At `at`, `removed` gave way to `inserted`. Offsets in UTF-16 code units. */
export interface Splice {
  at: number;
  removed: string;
  inserted: string;
}

/** What turns one text into another, without what they begin and end with alike. */
export function spliceBetween(before: string, after: string): Splice {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before.charCodeAt(head) === after.charCodeAt(head)) head++;
  let tail = 0;
  while (
    tail < most - head &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail++;
  }
  return {
    at: head,
    removed: before.slice(head, before.length - tail),
    inserted: after.slice(head, after.length - tail),
  };
}

export const spliced = (text: string, { at, removed, inserted }: Splice) =>
  text.slice(0, at) + inserted + text.slice(at + removed.length);

export const inverse = ({ at, removed, inserted }: Splice): Splice => ({
  at,
  removed: inserted,
  inserted: removed,
});
