/** Keeps what runs in sight while an execution goes on, until the person takes the view. */

import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useEffect } from 'react';

import type { GraphLayout, PlacedState } from '@/asl/layout/graph-layout';
import type { Rect } from '@/asl/layout/layered';

import { useGraphStore, type GraphState } from './graph-store';
import { revealing } from './graph-view';
import { coveredBy } from './minimap-store';

const GLIDE_MS = 220;
/** States that last shorter than this are not worth a movement. */
const SETTLE_MS = 80;
const HEADER = 48;

export const still = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
export const glide = () => ({ duration: still() ? 0 : GLIDE_MS, interpolate: 'linear' as const });

/** What stands for a state when it is looked for: its card, or the header of its container. */
export const lookedAt = ({ x, y, width, height }: PlacedState): Rect => ({
  x,
  y,
  width,
  height: Math.min(height, HEADER),
});

function runningPlaces(layout: GraphLayout, { states }: GraphState): Rect[] {
  const running = layout.states.filter(({ name }) => states.get(name)?.status === 'RUNNING');
  const innermost = running.filter(({ lanes }) => lanes.length === 0);
  const since = ({ name }: PlacedState) => states.get(name)?.current ?? 0;
  return (innermost.length > 0 ? innermost : running)
    .sort((a, b) => since(a) - since(b))
    .map(lookedAt);
}

export function useFollow(layout: GraphLayout, following: boolean) {
  const flow = useReactFlow();
  const canvas = useStoreApi();
  const graph = useGraphStore();
  useEffect(() => {
    if (!following) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      const state = graph.getState();
      if (!state.running) return;
      const view = flow.getViewport();
      const size = canvas.getState();
      const places = runningPlaces(layout, state);
      const next = revealing(view, size, places, coveredBy(layout, view, size));
      if (!next) return;
      void flow.setViewport(next, glide());
      timer = setTimeout(look, GLIDE_MS);
    };
    const later = () => (timer ??= setTimeout(look, SETTLE_MS));
    later();
    const leave = graph.subscribe(later);
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, [flow, canvas, graph, layout, following]);
}
