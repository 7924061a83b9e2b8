/** In which corner the small map of the graph stands: where it covers least of what is to be read. */

import { useLayoutEffect, useMemo, type RefObject } from 'react';

import type { GraphLayout } from '@/asl/layout/graph-layout';
import type { Box, Rect } from '@/asl/layout/layered';

import { lookedAt } from './follow';
import { nodesOf } from './graph-elements';
import type { View } from './graph-view';
import { useMinimap } from './minimap-store';
import { useSheet } from './sheet';

export type Corner = 'bottom right' | 'top right' | 'bottom left' | 'top left';

/** In the order in which they are taken where several are free. */
const CORNERS: readonly Corner[] = ['bottom right', 'top right', 'bottom left', 'top left'];
/** From the edges of the canvas to the map, as graph.css has it. */
const FROM_EDGE = 12;
/** Where no corner is free it goes to one that is so many times better, and not to and fro. */
const MUCH_BETTER = 2;

/** How much of the places the map hides, so large on the screen, in pixels of it. */
function hiddenIn(corner: Corner, map: Box, view: View, size: Box, places: readonly Rect[]) {
  const left = corner.endsWith('left') ? FROM_EDGE : size.width - FROM_EDGE - map.width;
  const top = corner.startsWith('top') ? FROM_EDGE : size.height - FROM_EDGE - map.height;
  let hidden = 0;
  for (const { x, y, width, height } of places) {
    const from = x * view.zoom + view.x;
    const above = y * view.zoom + view.y;
    const across = Math.min(from + width * view.zoom, left + map.width) - Math.max(from, left);
    const down = Math.min(above + height * view.zoom, top + map.height) - Math.max(above, top);
    if (across > 0 && down > 0) hidden += across * down;
  }
  return hidden;
}

/** Where it stands next: where it is while that is free, or in the corner where it hides least. */
export function cornerOf(
  now: Corner,
  map: Box,
  view: View,
  size: Box,
  places: readonly Rect[],
): Corner {
  const hidden = (corner: Corner) => hiddenIn(corner, map, view, size, places);
  let best = now;
  let least = hidden(now) / MUCH_BETTER;
  for (const corner of CORNERS) {
    const here = least > 0 ? hidden(corner) : Infinity;
    if (here < least) [best, least] = [corner, here];
  }
  return best;
}

/** The corner, chosen anew where the view rests and the pointer is not on the map. */
export function useMinimapCorner(
  layout: GraphLayout,
  element: RefObject<HTMLDivElement | null>,
): Corner {
  const sheet = useSheet();
  const corner = useMinimap((state) => state.corner);
  const places = useMemo(
    () => nodesOf(layout).map((node) => (node.type === 'container' ? lookedAt(node.placed) : node)),
    [layout],
  );
  // Before it is painted: it is not seen where it does not stay.
  useLayoutEffect(() => {
    const map = element.current;
    const look = () => {
      if (!map || map.matches(':hover, :focus-within')) return;
      const { view, size } = sheet;
      const box = { width: map.offsetWidth, height: map.offsetHeight };
      const { corner: now } = useMinimap.getState();
      useMinimap.setState({ corner: cornerOf(now, box, view, size, places) });
    };
    look();
    const leave = sheet.rest.subscribe(look);
    map?.addEventListener('pointerleave', look);
    return () => {
      leave();
      map?.removeEventListener('pointerleave', look);
    };
  }, [sheet, element, places]);
  return corner;
}
