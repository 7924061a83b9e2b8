/** Which part of a graph is worth having in the page: what is in view, and some more around it. */

import type { Box, Rect } from '@/asl/layout/layered';

import type { View } from './graph-view';
import { useSheetState } from './sheet';

/** The view moves in steps of this many pixels of the screen as far as what is drawn is concerned. */
const STEP = 256;

/**
 * A part of the graph that holds all that the view shows. It stays the same while the view moves
 * less than a step, and while its zoom stays between two powers of two: what is drawn for it is
 * drawn anew a few times in a long movement, and not in each of its frames.
 */
export function around({ x, y, zoom }: View, { width, height }: Box): Rect {
  const coarse = 2 ** Math.floor(Math.log2(zoom));
  const step = STEP / coarse;
  const down = (value: number) => Math.floor(value / step) * step;
  const room = (length: number) => Math.ceil(length / STEP) * step + step;
  return { x: down(-x / zoom), y: down(-y / zoom), width: room(width), height: room(height) };
}

/** The part of the graph around what a canvas shows: see `around`. */
export function useInView(): Rect {
  const part = useSheetState(({ view, width, height }) => {
    const rect = around(view, { width, height });
    return `${rect.x} ${rect.y} ${rect.width} ${rect.height}`;
  });
  const [x = 0, y = 0, width = 0, height = 0] = part.split(' ').map(Number);
  return { x, y, width, height };
}
