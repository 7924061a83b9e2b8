/** Where the header of a container stands that is wider than the view: within what is seen of it. */

import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';

import type { Rect } from '@/asl/layout/layered';

import { useSheet, type SheetState } from './sheet';

export interface Inset {
  /** From the beginning and from the end of the container, in pixels of the graph. */
  start: number;
  end: number;
}

/** From the edge of the view, in pixels of the screen. */
const EDGE = 8;
/** A header narrower than this names nothing, in pixels of the graph. */
const LEAST = 224;

const within = (most: number, value: number) => Math.round(Math.max(0, Math.min(most, value)));

/** How far a header moves in from both ends of its container; it never leaves it. */
export function insetOf({ x, width }: Rect, { view, width: seen }: SheetState): Inset {
  const from = (EDGE - view.x) / view.zoom;
  const to = (seen - EDGE - view.x) / view.zoom;
  const room = width - LEAST;
  if (room <= 0 || to <= x || from >= x + width) return { start: 0, end: 0 };
  const start = within(room, from - x);
  return { start, end: within(room - start, x + width - to) };
}

/** The same as the view rests: in a movement a header goes with its container. */
export const useHeaderInset = (box: Rect): Inset =>
  useStore(
    useSheet().rest,
    useShallow((seen) => insetOf(box, seen)),
  );
