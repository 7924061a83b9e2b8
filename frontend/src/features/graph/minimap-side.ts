/** On which side the small map of the graph stands: where it covers no state, if there is such a side. */

import { useEffect, useState, type RefObject } from 'react';

import type { GraphLayout } from '@/asl/layout/graph-layout';
import type { Box, Rect } from '@/asl/layout/layered';

import { lookedAt } from './follow';
import type { View } from './graph-view';
import { useSheet } from './sheet';

export type Side = 'right' | 'left';

/** From the corner of the canvas to the map, as graph.css has it: on the left beside the tools. */
const FROM_SIDE: Record<Side, number> = { right: 12, left: 52 };
const FROM_BOTTOM = 28;
/** The view has rested for so long: the map does not move while the graph does. */
const REST_MS = 200;

/** Whether the map, so large on the screen, lies over one of the places. */
function covers(side: Side, map: Box, view: View, size: Box, places: readonly Rect[]): boolean {
  const left = side === 'left' ? FROM_SIDE.left : size.width - FROM_SIDE.right - map.width;
  const top = size.height - FROM_BOTTOM - map.height;
  return places.some(({ x, y, width, height }) => {
    const from = x * view.zoom + view.x;
    const above = y * view.zoom + view.y;
    return (
      from < left + map.width &&
      from + width * view.zoom > left &&
      above < top + map.height &&
      above + height * view.zoom > top
    );
  });
}

/** Where it stands next: where it is while that is free; on the right where nothing is. */
export function sideOf(now: Side, map: Box, view: View, size: Box, places: readonly Rect[]): Side {
  const sides: Side[] = now === 'right' ? ['right', 'left'] : ['left', 'right'];
  return sides.find((side) => !covers(side, map, view, size, places)) ?? 'right';
}

/** The side, chosen anew when the view has moved and rests, and the pointer is not on the map. */
export function useMinimapSide(
  layout: GraphLayout,
  element: RefObject<HTMLDivElement | null>,
): Side {
  const sheet = useSheet();
  const [side, setSide] = useState<Side>('right');
  useEffect(() => {
    const places = layout.states.map(lookedAt);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const map = element.current;
      if (!map || map.matches(':hover, :focus-within')) return;
      const { view, size } = sheet;
      const box = { width: map.offsetWidth, height: map.offsetHeight };
      setSide((now) => sideOf(now, box, view, size, places));
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(look, REST_MS);
    };
    const map = element.current;
    later();
    const leave = sheet.store.subscribe(later);
    map?.addEventListener('pointerleave', later);
    return () => {
      leave();
      map?.removeEventListener('pointerleave', later);
      clearTimeout(timer);
    };
  }, [layout, sheet, element]);
  return side;
}
