/** Whether the small map of the graph is shown; remembered across visits. */

import { create } from 'zustand';
import { persist } from 'zustand/middleware';

import type { Box } from '@/asl/layout/layered';

import { showsAll, type View } from './graph-view';
import type { Corner } from './minimap-corner';

interface MinimapState {
  open: boolean;
  /** Of the canvas: where it stands now. */
  corner: Corner;
  toggle: () => void;
}

export const useMinimap = create<MinimapState>()(
  persist(
    (set) => ({
      open: true,
      corner: 'bottom right',
      toggle: () => set(({ open }) => ({ open: !open })),
    }),
    { name: 'stepwell.minimap', partialize: ({ open }) => ({ open }) },
  ),
);

/** At most this large, in pixels, and of a small canvas at most this part. */
const MOST = { width: 168, height: 132 };
const PART = 0.22;
/** From the map to the edges of the canvas, with its padding and border. */
const BESIDE = 22;

/** How many pixels of the screen stand for one of the graph, on a canvas of a size. */
export const scaleOf = (graph: Box, size: Box) =>
  Math.min(
    Math.min(MOST.width, size.width * PART) / graph.width,
    Math.min(MOST.height, size.height * PART) / graph.height,
  );

/**
 * The corner at the end of the canvas, where the map covers it; null where it stands in another
 * (it goes out of the way itself), is folded, or all is in view.
 */
export function coveredBy(graph: Box, view: View, size: Box): Box | null {
  const { open, corner } = useMinimap.getState();
  if (!open || corner !== 'bottom right' || showsAll(view, size, graph)) return null;
  const scale = scaleOf(graph, size);
  return { width: graph.width * scale + BESIDE, height: graph.height * scale + BESIDE };
}
