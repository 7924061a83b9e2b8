/** Which part of a graph is worth having in the page: what is in view, and some more around it. */

import type { Box, Rect } from '@/asl/layout/layered';

import type { View } from './graph-view';

/** So much around the view is there before it is seen, in pixels of the screen. */
const AROUND = 256;
/** A part that is so many times as wide or high as what is seen holds more than is worth having. */
const TOO_MUCH = 5;

const holds = (outer: Rect, inner: Rect) =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

/**
 * A part of the graph that holds all that the view shows. The one before stays as long as it does
 * that and is not far too large: what is drawn for it is drawn anew a few times in a long movement,
 * not in each of its frames, and not at all in one to and fro.
 */
export function partAround(before: Rect, { x, y, zoom }: View, { width, height }: Box): Rect {
  const seen = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
  const much = before.width > TOO_MUCH * seen.width || before.height > TOO_MUCH * seen.height;
  if (holds(before, seen) && !much) return before;
  const room = AROUND / zoom;
  return {
    x: seen.x - room,
    y: seen.y - room,
    width: seen.width + 2 * room,
    height: seen.height + 2 * room,
  };
}
