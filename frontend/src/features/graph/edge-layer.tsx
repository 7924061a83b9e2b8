import { useMemo } from 'react';

import type { GraphLayout, PlacedEdge } from '@/asl/layout/graph-layout';

import { EDGE_LAYER } from './graph-elements';
import { useInView } from './sheet';
import { TransitionEdge } from './transition-edge';

interface Bounds {
  edge: PlacedEdge;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function boundsOf(edge: PlacedEdge): Bounds {
  const xs = edge.points.map(({ x }) => x);
  const ys = edge.points.map(({ y }) => y);
  return {
    edge,
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  };
}

/**
 * All edges in one drawing, those in view only.
 */
export function EdgeLayer({ layout }: { layout: GraphLayout }) {
  const bounds = useMemo(() => layout.edges.map(boundsOf), [layout]);
  const { x: left, y: top, width, height } = useInView();
  const visible = bounds.filter(
    (box) =>
      box.right >= left && box.left <= left + width && box.bottom >= top && box.top <= top + height,
  );
  return (
    <svg className="edge-layer" style={{ zIndex: EDGE_LAYER }} aria-hidden="true">
      {visible.map(({ edge }) => (
        <TransitionEdge key={edge.id} placed={edge} />
      ))}
    </svg>
  );
}
