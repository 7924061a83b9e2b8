/**
 * A layered layout of one scope, after Sugiyama: rank, order, place, route.
 *
 * Sizes and positions are pixels at zoom 1. Every step takes the layering and fills in more of it,
 * in its own file. Nothing here knows about states: callers give boxes and arrows.
 */

import { assignRanks } from './rank';
import { orderLayers } from './order';
import { placeVertices } from './place';
import { routeArrows } from './route';

export interface Box {
  width: number;
  height: number;
}

export interface Arrow {
  from: number;
  to: number;
  /** Leaves from the right side instead of the bottom. */
  side: boolean;
  /** Room for a label on the way, or null. */
  label: Box | null;
}

export interface Point {
  x: number;
  y: number;
}

export interface Rect extends Box {
  x: number;
  y: number;
}

/** A box, or a place where a long arrow passes a rank (`box` null); x is the centre, y the top. */
export interface Vertex extends Box {
  box: number | null;
  /** Whether it carries its arrow's label. */
  label: boolean;
  rank: number;
  order: number;
  x: number;
  y: number;
  /** Lanes reserved left and right of the box for arrows that enter or leave sideways. */
  left: number;
  right: number;
}

/** An arrow as a chain of vertices from the upper rank to the lower one. */
export interface Chain {
  arrow: number;
  /** The arrow points upwards: it closes a loop. */
  reversed: boolean;
  vertices: number[];
}

export interface Layering {
  vertices: Vertex[];
  layers: number[][];
  chains: Chain[];
}

export interface LayeredResult extends Box {
  boxes: Rect[];
  /** By arrow: corners from the source to the target, and where its label is centred. */
  routes: { points: Point[]; label: Rect | null }[];
}

/** Distance between two side lanes, and of the first lane from its box. */
export const SIDE_LANE = 12;

/** Lays out boxes and arrows, beginning at box `start`. */
export function layOut(boxes: Box[], arrows: Arrow[], start: number): LayeredResult {
  const layering = assignRanks(boxes, arrows, start);
  orderLayers(layering);
  placeVertices(layering, arrows);
  return routeArrows(layering, boxes, arrows);
}
