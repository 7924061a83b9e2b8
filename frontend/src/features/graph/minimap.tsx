import { useReactFlow, useStore as useFlow } from '@xyflow/react';
import { useDeferredValue, useMemo, type PointerEvent } from 'react';

import type { GraphLayout } from '@/asl/layout/graph-layout';
import type { Rect } from '@/asl/layout/layered';

import { useGraph } from './graph-store';

/** At most this large, in pixels. */
const MOST = { width: 168, height: 132 };

const outline = ({ x, y, width, height }: Rect) => `M${x} ${y}h${width}v${height}h${-width}z`;

/**
 * The whole graph in a corner. One path for each status rather than React Flow's element and
 * subscription for each state: a thousand states cost as much as ten.
 */
export default function Minimap({ layout }: { layout: GraphLayout }) {
  const flow = useReactFlow();
  const [x, y, zoom] = useFlow((state) => state.transform);
  const width = useFlow((state) => state.width) / zoom;
  const height = useFlow((state) => state.height) / zoom;
  const states = useDeferredValue(useGraph((graph) => graph.states));

  const containers = useMemo(
    () =>
      layout.states
        .filter(({ lanes }) => lanes.length > 0)
        .map(outline)
        .join(''),
    [layout],
  );
  const cards = useMemo(() => {
    const paths = new Map<string, string>();
    for (const state of layout.states) {
      if (state.lanes.length > 0) continue;
      const status = states.get(state.name)?.status ?? 'NOT_REACHED';
      paths.set(status, (paths.get(status) ?? '') + outline(state));
    }
    return [...paths];
  }, [layout, states]);

  const scale = Math.min(MOST.width / layout.width, MOST.height / layout.height);
  const size = { width: layout.width * scale, height: layout.height * scale };
  const go = ({ currentTarget, clientX, clientY }: PointerEvent<SVGSVGElement>) => {
    const box = currentTarget.getBoundingClientRect();
    void flow.setCenter((clientX - box.left) / scale, (clientY - box.top) / scale, { zoom });
  };
  return (
    <svg
      className="minimap"
      aria-hidden="true"
      style={size}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && go(event)}
    >
      <path className="minimap-container" d={containers} />
      {cards.map(([status, d]) => (
        <path key={status} className="minimap-card" data-status={status} d={d} />
      ))}
      <rect className="minimap-view" x={-x / zoom} y={-y / zoom} width={width} height={height} />
    </svg>
  );
}
