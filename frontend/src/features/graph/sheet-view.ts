/** How a sheet's view moves. Pure; pixels of the screen, counted from the sheet's own corner. */

import type { Box, Point } from '@/asl/layout/layered';

import type { View } from './graph-view';

/** A thousand states in one chain, fitted into a view. */
export const FARTHEST = 0.01;
export const NEAREST = 2;

const within = (zoom: number) => Math.max(FARTHEST, Math.min(NEAREST, zoom));

/** The view at another zoom in which what was seen at a point is still seen there. */
export function zoomedAt(view: View, at: Point, wished: number): View {
  const zoom = within(wished);
  const factor = zoom / view.zoom;
  return { x: at.x - (at.x - view.x) * factor, y: at.y - (at.y - view.y) * factor, zoom };
}

/** The view that has a point of the graph in the middle. */
export function centredOn(point: Point, size: Box, wished: number): View {
  const zoom = within(wished);
  return { x: size.width / 2 - point.x * zoom, y: size.height / 2 - point.y * zoom, zoom };
}

/** The view that shows all of a graph, with a part of its size as room around it. */
export function fitted(graph: Box, size: Box, padding: number, largest: number): View {
  const room = 1 + padding;
  const zoom = Math.min(
    largest,
    size.width / (Math.max(1, graph.width) * room),
    size.height / (Math.max(1, graph.height) * room),
  );
  return centredOn({ x: graph.width / 2, y: graph.height / 2 }, size, zoom);
}

/** What two fingers do: both points of the graph stay under their fingers as well as they can. */
export function pinched(view: View, from: readonly [Point, Point], to: readonly [Point, Point]) {
  const middle = ([a, b]: readonly [Point, Point]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const apart = ([a, b]: readonly [Point, Point]) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const [before, after] = [middle(from), middle(to)];
  const zoomed = zoomedAt(view, before, (view.zoom * apart(to)) / apart(from));
  return { ...zoomed, x: zoomed.x + after.x - before.x, y: zoomed.y + after.y - before.y };
}

/** A view on the way from one to another; `share` from 0 to 1. Slow at both ends. */
export function onTheWay(from: View, to: View, share: number): View {
  const t = share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
  const mix = (a: number, b: number) => a + (b - a) * t;
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), zoom: mix(from.zoom, to.zoom) };
}

/** By how much a turn of the wheel zooms; it is told in pixels, lines or pages. */
export function wheelFactor({ deltaY, deltaMode }: Pick<WheelEvent, 'deltaY' | 'deltaMode'>) {
  const unit = deltaMode === 1 ? 0.05 : deltaMode === 2 ? 1 : 0.002;
  return 2 ** (-deltaY * unit);
}
