/** What stands on the sheet. Positions are absolute; nesting is only depth. */

import type { GraphLayout, PlacedDot, PlacedState } from '@/asl/layout/graph-layout';
import type { Rect } from '@/asl/layout/layered';

/** Edges lie between the containers below and everything else above: see edge-layer.tsx. */
export const EDGE_LAYER = 100;

export type GraphNode = Rect & { id: string; zIndex: number } & (
    | { type: 'card' | 'container'; placed: PlacedState }
    | { type: 'dot'; dot: PlacedDot }
    | { type: 'label'; edge: string; labels: string[]; inside: boolean }
  );

const frame = ({ x, y, width, height }: Rect, zIndex = EDGE_LAYER + 1) => ({
  x,
  y,
  width,
  height,
  zIndex,
});

export function nodesOf(layout: GraphLayout): GraphNode[] {
  const nodes: GraphNode[] = [];
  for (const placed of layout.states) {
    const id = `state:${placed.name}`;
    if (placed.lanes.length > 0) {
      nodes.push({ id, type: 'container', placed, ...frame(placed, placed.depth) });
    } else nodes.push({ id, type: 'card', placed, ...frame(placed) });
  }
  for (const dot of layout.dots) {
    nodes.push({ id: `dot:${dot.id}`, type: 'dot', dot, ...frame(dot) });
  }
  for (const { id, labels, label, depth } of layout.edges) {
    if (!label) continue;
    const inside = depth > 0;
    nodes.push({ id: `label:${id}`, type: 'label', edge: id, labels, inside, ...frame(label) });
  }
  return nodes;
}
