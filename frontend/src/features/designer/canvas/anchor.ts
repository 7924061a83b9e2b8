/** How far a layout has moved what both it and the one before it show. */

import type { GraphLayout } from '@/asl/layout/graph-layout';
import type { Point } from '@/asl/layout/layered';

/**
 * The movement of a state that both layouts have: the preferred one, else the first of the machine.
 * Null where they have none in common.
 */
export function shiftBetween(
  before: GraphLayout,
  after: GraphLayout,
  preferred: string | null,
): Point | null {
  const now = new Map(after.states.map((placed) => [placed.name, placed]));
  const both = before.states.filter(({ name }) => now.has(name));
  const still = both.find(({ name }) => name === preferred) ?? both[0];
  const then = still && now.get(still.name);
  if (!then) return null;
  const middle = ({ x, width }: { x: number; width: number }) => x + width / 2;
  const x = middle(then) - middle(still);
  const y = then.y - still.y;
  return { x, y };
}
