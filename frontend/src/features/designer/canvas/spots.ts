/** Where something can be inserted on a laid-out canvas: on every edge, and in every empty scope. */

import { innerScopes } from '@/asl/definition';
import type { Spot } from '@/asl/edit';
import type { GraphLayout, PlacedEdge, PlacedState } from '@/asl/layout/graph-layout';
import type { Point } from '@/asl/layout/layered';

export interface PlacedSpot extends Point {
  id: string;
  spot: Spot;
  /** Nothing stands in the scope yet: it is drawn as a place, not as a point of an edge. */
  empty: boolean;
  label: string;
}

/** Above the first and below the last card of a branch, in the padding of its lane. */
const BESIDE = 9;

/** The middle of the longest line of a route, the last of them where several are as long. */
function middle({ points }: PlacedEdge): Point {
  let best: Point = points[0] ?? { x: 0, y: 0 };
  let longest = -1;
  points.forEach((to, index) => {
    const from = points[index - 1];
    if (!from) return;
    const length = Math.abs(to.x - from.x) + Math.abs(to.y - from.y);
    if (length < longest) return;
    longest = length;
    best = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  });
  return best;
}

/** Where an edge is alone: below its rule, or on the line that leaves its state. */
function onEdge(edge: PlacedEdge): Point {
  if (edge.label) {
    const { x, y, width, height } = edge.label;
    return { x: x + width / 2, y: y + height + 10 };
  }
  const [from, to] = edge.points;
  if (edge.kind === 'next' && to && from?.x === to.x) {
    const straight = edge.points.length === 2;
    return { x: from.x, y: straight ? (from.y + to.y) / 2 : Math.min(to.y, from.y + 12) };
  }
  return middle(edge);
}

const leadsOn = ({ state }: PlacedState) => state.Type !== 'Succeed' && state.Type !== 'Fail';

export function spotsOf(layout: GraphLayout): PlacedSpot[] {
  const spots: PlacedSpot[] = [];
  const byName = new Map(layout.states.map((placed) => [placed.name, placed]));
  const scopeOf = (name: string | null) => {
    const placed = name === null ? undefined : byName.get(name);
    return { container: placed?.container ?? null, branch: placed?.branch ?? 0 };
  };
  const ended = new Set<string>();
  for (const edge of layout.edges) {
    const { from, to, kind, id } = edge;
    if (kind === 'gone') continue;
    const placed = from === null ? undefined : byName.get(from);
    if (to === null) {
      if (from !== null) ended.add(from);
      if (placed?.state.Type === 'Choice' || (placed && !leadsOn(placed))) continue;
    }
    const label =
      from === null
        ? `before ${to ?? 'the end'}`
        : to === null
          ? `after ${from}`
          : `between ${from} and ${to}`;
    spots.push({
      id,
      spot: { scope: scopeOf(from ?? to), from, to, kind },
      ...onEdge(edge),
      empty: false,
      label,
    });
  }
  for (const placed of layout.states) {
    const { name, state, container, branch, x, y, width, height } = placed;
    const scope = { container, branch };
    if (container !== null && state.End === true && leadsOn(placed) && !ended.has(name)) {
      spots.push({
        id: `after:${name}`,
        spot: { scope, from: name, to: null, kind: 'next' },
        x: x + width / 2,
        y: y + height + BESIDE,
        empty: false,
        label: `after ${name}`,
      });
    }
    innerScopes(state).forEach((inner, index) => {
      const lane = placed.lanes[index];
      if (!lane) return;
      const ref = { container: name, branch: index };
      const first = byName.get(inner.StartAt ?? '');
      if (first?.container === name) {
        spots.push({
          id: `first:${name}:${index}`,
          spot: { scope: ref, from: null, to: first.name, kind: 'next' },
          x: first.x + first.width / 2,
          y: first.y - BESIDE,
          empty: false,
          label: `before ${first.name}`,
        });
      } else if (Object.keys(inner.States ?? {}).length === 0) {
        spots.push({
          id: `empty:${name}:${index}`,
          spot: { scope: ref, from: null, to: null, kind: 'next' },
          x: x + lane.x + lane.width / 2,
          y: y + lane.y + lane.height / 2,
          empty: true,
          label: `into ${name}${state.Type === 'Parallel' ? `, branch ${index + 1}` : ''}`,
        });
      }
    });
  }
  if (layout.states.length === 0) {
    spots.push({
      id: 'empty',
      spot: { scope: { container: null, branch: 0 }, from: null, to: null, kind: 'next' },
      x: 112,
      y: 24,
      empty: true,
      label: 'the first state',
    });
  }
  return spots;
}

/** How far, in pixels of the canvas, a drop may miss its spot. */
const REACH = 150;

/** The spot that something dropped here lands on. */
export function nearest(spots: readonly PlacedSpot[], at: Point): PlacedSpot | null {
  let best: PlacedSpot | null = null;
  let least = REACH;
  for (const spot of spots) {
    // Cards are wide: missing an edge sideways is no miss.
    const distance = Math.hypot((spot.x - at.x) * 0.6, spot.y - at.y);
    if (distance < least) {
      least = distance;
      best = spot;
    }
  }
  return best;
}
