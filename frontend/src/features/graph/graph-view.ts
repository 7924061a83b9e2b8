/** Where the graph's view stands: first, and to keep what happens in sight. Pure; pixels of the screen. */

import type { GraphLayout } from '@/asl/layout/graph-layout';
import type { Box, Rect } from '@/asl/layout/layered';

/** A point of the graph is shown at `point * zoom + (x, y)`. */
export interface View {
  x: number;
  y: number;
  zoom: number;
}

/** A graph that can be shown whole at this zoom is; a larger one is shown in part, and larger. */
const READABLE = 0.7;
const COMFORTABLE = 0.8;
const MARGIN = 24;
const EDGE = 8;
/** A state brought into view from above or below stands here, with room for what follows it. */
const EYE_LEVEL = 0.3;

const between = (least: number, most: number, value: number) =>
  Math.max(least, Math.min(most, value));

/** All of a small graph in the middle; of a large one its start at the top, large enough to read. */
export function startView(layout: GraphLayout, size: Box): View {
  const fits = Math.min(
    (size.width - 2 * MARGIN) / Math.max(1, layout.width),
    (size.height - 2 * MARGIN) / Math.max(1, layout.height),
  );
  const zoom = fits >= READABLE ? Math.min(1, fits) : COMFORTABLE;
  const width = layout.width * zoom;
  const start = layout.dots.find(({ kind }) => kind === 'start');
  const middle = start ? start.x + start.width / 2 : layout.width / 2;
  return {
    x:
      width <= size.width - 2 * MARGIN
        ? (size.width - width) / 2
        : between(size.width - MARGIN - width, MARGIN, size.width / 2 - middle * zoom),
    y: fits >= READABLE ? (size.height - layout.height * zoom) / 2 : MARGIN,
    zoom,
  };
}

function around(rects: readonly Rect[]): Rect {
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  return { x, y, width: right - x, height: bottom - y };
}

const roomOf = (size: Box, zoom: number): Box => ({
  width: (size.width - 2 * EDGE) / zoom,
  height: (size.height - 2 * EDGE) / zoom,
});

const fits = (inner: Box, room: Box) => inner.width <= room.width && inner.height <= room.height;

/** Whether there is a view of this zoom that shows all of the places. */
export const fitTogether = (zoom: number, size: Box, places: readonly Rect[]): boolean =>
  fits(around(places), roomOf(size, zoom));

/** By how much something moves to lie within so much room, with a margin; its beginning counts most. */
const shiftInto = (from: number, to: number, room: number) =>
  from < MARGIN || to - from > room - 2 * MARGIN ? MARGIN - from : Math.min(0, room - MARGIN - to);

/**
 * The view that shows all the places, or the last of them where they do not fit together; null
 * where the given view shows them already. It moves no further than needed and keeps the zoom.
 * `covered` is the corner at the end of the canvas that something else stands on. What is partly in
 * view comes to where one looks, as what follows is expected `onward`; or by the `least` movement.
 */
export function revealing(
  view: View,
  size: Box,
  places: readonly Rect[],
  covered: Box | null = null,
  partly: 'onward' | 'least' = 'onward',
): View | null {
  const last = places.at(-1);
  if (!last) return null;
  const { zoom } = view;
  const all = around(places);
  const { x, y, width, height } = fits(all, roomOf(size, zoom)) ? all : last;
  const left = x * zoom + view.x;
  const top = y * zoom + view.y;
  // The header of a container that goes beyond both ends of the view stands within it.
  const beyond = left < EDGE && left + width * zoom > size.width - EDGE;
  const seenAcross = beyond || (left >= EDGE && left + width * zoom <= size.width - EDGE);
  const beneath =
    covered !== null &&
    left + width * zoom > size.width - covered.width &&
    top + height * zoom > size.height - covered.height;
  const seenDown = top >= EDGE && top + height * zoom <= size.height - EDGE && !beneath;
  if (seenAcross && seenDown) return null;
  const lowest = Math.max(EDGE, size.height - EDGE - height * zoom);
  const right = left + width * zoom;
  const bottom = top + height * zoom;
  const inPart =
    partly === 'least' && right > 0 && left < size.width && bottom > 0 && top < size.height;
  const across = inPart
    ? view.x + shiftInto(left, right, size.width)
    : size.width / 2 - (x + width / 2) * zoom;
  const down =
    inPart && !beneath
      ? view.y + shiftInto(top, bottom, size.height)
      : Math.min(size.height * EYE_LEVEL, lowest) - y * zoom;
  const next = { x: seenAcross ? view.x : across, y: seenDown ? view.y : down, zoom };
  // On a low canvas there may be no better place.
  return Math.abs(next.x - view.x) < 1 && Math.abs(next.y - view.y) < 1 ? null : next;
}

/** Whether nothing of a graph lies outside the view. */
export function showsAll({ x, y, zoom }: View, size: Box, graph: Box): boolean {
  return (
    x >= -1 &&
    y >= -1 &&
    x + graph.width * zoom <= size.width + 1 &&
    y + graph.height * zoom <= size.height + 1
  );
}
