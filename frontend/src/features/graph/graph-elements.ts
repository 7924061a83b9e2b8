/** The layout as React Flow's nodes. Positions are absolute; nesting is only depth. */

import type { Node } from '@xyflow/react';

import type { GraphLayout } from '@/asl/layout/graph-layout';
import type { Rect } from '@/asl/layout/layered';

import type { GraphNode } from './state-card';

/** Edges lie between the containers below and everything else above: see edge-layer.tsx. */
export const EDGE_LAYER = 100;

/**
 * Sizes are known beforehand, and there are no handles: nothing has to be read back from the page,
 * and React Flow need not mount a node to find out whether it is in view.
 */
function frame({ x, y, width, height }: Rect, zIndex: number) {
  return {
    position: { x, y },
    width,
    height,
    measured: { width, height },
    handles: [],
    zIndex,
  } satisfies Partial<Node>;
}

export function nodesOf(layout: GraphLayout): GraphNode[] {
  const nodes: GraphNode[] = [];
  for (const placed of layout.states) {
    const type = placed.lanes.length > 0 ? 'container' : 'card';
    nodes.push({
      id: `state:${placed.name}`,
      type,
      data: { placed },
      ...frame(placed, type === 'card' ? EDGE_LAYER + 1 : placed.depth),
    });
  }
  for (const dot of layout.dots) {
    nodes.push({
      id: `dot:${dot.id}`,
      type: 'dot',
      data: { dot },
      ...frame(dot, EDGE_LAYER + 1),
    });
  }
  for (const { id, labels, label } of layout.edges) {
    if (!label) continue;
    nodes.push({
      id: `label:${id}`,
      type: 'label',
      data: { edge: id, labels },
      ...frame(label, EDGE_LAYER + 1),
    });
  }
  return nodes;
}
