/** Whether the small map of the graph is shown; remembered across visits. */

import { create } from 'zustand';
import { persist } from 'zustand/middleware';

import type { Box } from '@/asl/layout/layered';

import { showsAll, type View } from './graph-view';

interface MinimapState {
  open: boolean;
  toggle: () => void;
}

export const useMinimap = create<MinimapState>()(
  persist((set) => ({ open: true, toggle: () => set(({ open }) => ({ open: !open })) }), {
    name: 'stepwell.minimap',
    partialize: ({ open }) => ({ open }),
  }),
);

/** At most this large, in pixels. */
const MOST = { width: 168, height: 132 };
/** From the map to the corner of the canvas, with its padding and border. */
const BESIDE = { width: 22, height: 38 };

/** How many pixels of the screen stand for one of the graph. */
export const scaleOf = (graph: Box) =>
  Math.min(MOST.width / graph.width, MOST.height / graph.height);

/** The corner of the canvas that the map covers; null where it is folded, or all is in view. */
export const coveredBy = (graph: Box, view: View, size: Box): Box | null =>
  useMinimap.getState().open && !showsAll(view, size, graph)
    ? {
        width: graph.width * scaleOf(graph) + BESIDE.width,
        height: graph.height * scaleOf(graph) + BESIDE.height,
      }
    : null;
