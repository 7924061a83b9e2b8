import { memo, useMemo } from 'react';

import { roundedPath, type PlacedEdge } from '@/asl/layout/graph-layout';

import { useGraph, useTaken } from './graph-store';

const HEAD = 5;

/** A small filled arrow head at the end of the route, pointing the way the last line runs. */
function head({ points }: PlacedEdge): string {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (!tip || !before) return '';
  const dx = Math.sign(tip.x - before.x);
  const dy = Math.sign(tip.y - before.y);
  const back = { x: tip.x - dx * (HEAD + 2), y: tip.y - dy * (HEAD + 2) };
  return `M${tip.x} ${tip.y}L${back.x - dy * HEAD * 0.8} ${back.y - dx * HEAD * 0.8}L${back.x + dy * HEAD * 0.8} ${back.y + dx * HEAD * 0.8}Z`;
}

/** An edge along its laid-out route; one that was taken draws itself once. */
export const TransitionEdge = memo(function TransitionEdge({ placed }: { placed: PlacedEdge }) {
  const taken = useTaken(placed.id);
  const left = useGraph((graph) => graph.left.has(placed.id));
  const line = useMemo(() => roundedPath(placed.points), [placed]);
  const dashed = left || placed.kind === 'catch' || placed.kind === 'gone';
  return (
    <g
      className="transition"
      data-kind={placed.kind}
      data-taken={taken || undefined}
      data-left={left || undefined}
    >
      <path className="transition-line" d={line} {...(dashed && { strokeDasharray: '4 4' })} />
      {taken && !dashed && <path className="transition-drawn" d={line} pathLength={1} />}
      <path className="transition-head" d={head(placed)} />
    </g>
  );
});
