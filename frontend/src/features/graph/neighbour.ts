/** Which state an arrow key leads to: the nearest one in that direction, by where cards stand. */

import type { PlacedState } from '@/asl/layout/graph-layout';

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The arrow keys of a canvas. */
export const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** A card's middle; of a container, the middle of its header. */
const anchor = ({ x, y, width, height }: PlacedState) => ({
  x: x + width / 2,
  y: y + Math.min(height, 48) / 2,
});

/** Straying sideways costs more than going far: a column is followed before it is left. */
const ASIDE = 2.5;

export function neighbour(
  states: readonly PlacedState[],
  from: string | null,
  direction: Direction,
): string | null {
  const here = states.find(({ name }) => name === from);
  if (!here) {
    return [...states].sort((a, b) => a.y - b.y || a.x - b.x)[0]?.name ?? null;
  }
  const at = anchor(here);
  const vertical = direction === 'up' || direction === 'down';
  const sign = direction === 'down' || direction === 'right' ? 1 : -1;
  let best: string | null = null;
  let least = Infinity;
  for (const state of states) {
    if (state.name === from) continue;
    const to = anchor(state);
    const along = (vertical ? to.y - at.y : to.x - at.x) * sign;
    const aside = Math.abs(vertical ? to.x - at.x : to.y - at.y);
    // Sideways keys stay about on the same height, so that they step between branches.
    if (along < 4 || (!vertical && aside > along)) continue;
    const cost = along + aside * ASIDE;
    if (cost < least) {
      least = cost;
      best = state.name;
    }
  }
  return best;
}
