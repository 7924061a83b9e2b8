/** Keeps what runs in sight, and shows where it went wrong, until the person takes the view. */

import { useEffect } from 'react';

import type { GraphLayout, PlacedState } from '@/asl/layout/graph-layout';
import type { Box, Rect } from '@/asl/layout/layered';
import type { StateStatus } from '@/history/model';

import { useGraphStore, type GraphState } from './graph-store';
import { fitTogether, revealing, type View } from './graph-view';
import { coveredBy } from './minimap-store';
import { useSheet } from './sheet';

const GLIDE_MS = 220;
/** States that last shorter than this are not worth a movement. */
const SETTLE_MS = 80;
/** Where what the view has gone to is over at once, time and again, it is gone to ever more seldom. */
const LONGEST_REST_MS = 3000;
const HEADER = 48;

export const still = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
export const glide = () => ({ duration: still() ? 0 : GLIDE_MS });

/** What stands for a state when it is looked for: its card, or the header of its container. */
export const lookedAt = ({ x, y, width, height }: PlacedState): Rect => ({
  x,
  y,
  width,
  height: Math.min(height, HEADER),
});

type Statuses = Pick<GraphState, 'states'>;

/** What has this status, innermost, in the order in which it began. */
function statesThatAre(
  status: StateStatus,
  layout: GraphLayout,
  { states }: Statuses,
): PlacedState[] {
  const found = layout.states.filter(({ name }) => states.get(name)?.status === status);
  const innermost = found.filter(({ lanes }) => lanes.length === 0);
  const since = ({ name }: PlacedState) => states.get(name)?.current ?? 0;
  return (innermost.length > 0 ? innermost : found).sort((a, b) => since(a) - since(b));
}

/** The state in which an execution that is over went wrong, or was stopped; none where it was not. */
export function wentWrong(layout: GraphLayout, statuses: Statuses): PlacedState | undefined {
  for (const status of ['FAILED', 'TIMED_OUT', 'ABORTED'] as const) {
    const last = statesThatAre(status, layout, statuses).at(-1);
    if (last) return last;
  }
  return undefined;
}

/** The view that shows this state, below what led to it; null where the given one shows it. */
export function showing(
  state: PlacedState,
  view: View,
  size: Box,
  covered: Box | null,
): View | null {
  const { x, y, width, height } = lookedAt(state);
  if (revealing(view, size, [{ x, y, width, height }], covered) === null) return null;
  const above = size.height / 2 / view.zoom;
  return revealing(view, size, [{ x, y: y - above, width, height: height + above }], covered);
}

/**
 * The view that shows what runs; null where the given one does. Where it runs in many places at
 * once, too far apart to be seen together, one of those where something began lately is enough:
 * the view rests while there is something to see in it.
 */
export function followed(
  view: View,
  size: Box,
  running: readonly Rect[],
  covered: Box | null,
): View | null {
  const lately = running.slice(Math.floor(running.length / 2));
  if (!fitTogether(view.zoom, size, running)) {
    if (lately.some((place) => revealing(view, size, [place], covered) === null)) return null;
  }
  return revealing(view, size, running, covered);
}

export function useFollow(layout: GraphLayout, following: boolean) {
  const sheet = useSheet();
  const graph = useGraphStore();
  useEffect(() => {
    if (!following) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let aim: string | undefined;
    let rest = GLIDE_MS;
    let isOver = false;
    const look = () => {
      timer = undefined;
      const state = graph.getState();
      const { view, size } = sheet;
      if (!state.running) {
        const wrong = isOver ? undefined : wentWrong(layout, state);
        if (!wrong) return;
        isOver = true;
        const next = showing(wrong, view, size, coveredBy(layout, view, size));
        if (next) sheet.show(next, glide());
        return;
      }
      isOver = false;
      const running = statesThatAre('RUNNING', layout, state);
      if (aim !== undefined) {
        const lasted = running.some(({ name }) => name === aim);
        rest = lasted ? GLIDE_MS : Math.min(LONGEST_REST_MS, rest * 2);
        aim = undefined;
      }
      const places = running.map(lookedAt);
      const next = followed(view, size, places, coveredBy(layout, view, size));
      if (!next) return;
      sheet.show(next, glide());
      aim = running.at(-1)?.name;
      timer = setTimeout(look, rest);
    };
    const later = () => (timer ??= setTimeout(look, SETTLE_MS));
    later();
    const leave = graph.subscribe(later);
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, [sheet, graph, layout, following]);
}
