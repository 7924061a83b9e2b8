/**
 * Horizontal places: every vertex wants to stand under and over its neighbours, and keeps its
 * distance to those beside it. A rank at a time this is isotonic regression, solved exactly by
 * pooling adjacent violators; sweeps up and down let the ranks agree.
 */

import { SIDE_LANE, type Arrow, type Layering, type Vertex } from './layered';

const BOX_GAP = 32;
const BEND_GAP = 16;
const SWEEPS = 4;
/** Offsets up to this size are crooked rather than meaningful, and are straightened. */
const CROOKED = 160;

interface Pull {
  other: number;
  weight: number;
}

function reserveSideLanes({ vertices, chains }: Layering, arrows: Arrow[]) {
  for (const chain of chains) {
    const arrow = arrows[chain.arrow];
    if (!arrow) continue;
    const source = vertices[arrow.from];
    const target = vertices[arrow.to];
    if (source && chain.reversed) source.left += SIDE_LANE;
    else if (source && arrow.side) source.right += SIDE_LANE;
    if (target && chain.reversed) target.left += SIDE_LANE;
  }
  for (const arrow of arrows) {
    const box = vertices[arrow.from];
    if (box && arrow.from === arrow.to) box.right += SIDE_LANE;
  }
}

function pullsOf({ vertices, chains }: Layering, arrows: Arrow[]) {
  const above = vertices.map((): Pull[] => []);
  const below = vertices.map((): Pull[] => []);
  for (const chain of chains) {
    const light = arrows[chain.arrow]?.side === true || chain.reversed;
    for (let i = 1; i < chain.vertices.length; i++) {
      const upper = chain.vertices[i - 1] ?? 0;
      const lower = chain.vertices[i] ?? 0;
      const bends =
        (vertices[upper]?.box === null ? 1 : 0) + (vertices[lower]?.box === null ? 1 : 0);
      const weight = (light && bends < 2 ? 0.02 : 1) * (bends === 2 ? 4 : bends === 1 ? 2 : 1);
      below[upper]?.push({ other: lower, weight });
      above[lower]?.push({ other: upper, weight });
    }
  }
  return { above, below };
}

function distance(a: Vertex, b: Vertex): number {
  const gap = a.box === null || b.box === null ? BEND_GAP : BOX_GAP;
  return a.width / 2 + a.right + gap + b.left + b.width / 2;
}

/** The places nearest to the wished ones (by weight) that keep order and distance. */
function settle(layer: Vertex[], wishes: number[], weights: number[]) {
  const offsets: number[] = [];
  let offset = 0;
  layer.forEach((vertex, i) => {
    const before = layer[i - 1];
    if (before) offset += distance(before, vertex);
    offsets.push(offset);
  });
  const pools: { sum: number; weight: number; count: number }[] = [];
  layer.forEach((_, i) => {
    const weight = weights[i] ?? 1;
    let pool = { sum: ((wishes[i] ?? 0) - (offsets[i] ?? 0)) * weight, weight, count: 1 };
    for (
      let last = pools.at(-1);
      last && last.sum / last.weight >= pool.sum / pool.weight;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = {
        sum: pool.sum + last.sum,
        weight: pool.weight + last.weight,
        count: pool.count + last.count,
      };
    }
    pools.push(pool);
  });
  let i = 0;
  for (const pool of pools) {
    for (let n = 0; n < pool.count; n++, i++) {
      const vertex = layer[i];
      if (vertex) vertex.x = pool.sum / pool.weight + (offsets[i] ?? 0);
    }
  }
}

function pullLayer(layer: Vertex[], pulls: Pull[][], vertices: Vertex[]) {
  const wishes: number[] = [];
  const weights: number[] = [];
  layer.forEach((vertex, i) => {
    let sum = 0;
    let weight = 0;
    for (const pull of pulls[i] ?? []) {
      sum += (vertices[pull.other]?.x ?? 0) * pull.weight;
      weight += pull.weight;
    }
    wishes.push(weight > 0 ? sum / weight : vertex.x);
    weights.push(weight > 0 ? weight : 0.05);
  });
  settle(layer, wishes, weights);
}

/** Moves a vertex straight under its heaviest neighbour where there is room to do so. */
function straighten(layer: Vertex[], pulls: Pull[][], vertices: Vertex[]) {
  layer.forEach((vertex, i) => {
    const near = [...(pulls[i] ?? [])].sort((a, b) => b.weight - a.weight)[0];
    if (!near) return;
    const wish = vertices[near.other]?.x ?? vertex.x;
    if (wish === vertex.x || Math.abs(wish - vertex.x) > CROOKED) return;
    const before = layer[i - 1];
    const after = layer[i + 1];
    if (before && wish - before.x < distance(before, vertex)) return;
    if (after && after.x - wish < distance(vertex, after)) return;
    vertex.x = wish;
  });
}

/** Gives every vertex its centre x, in place; the leftmost edge of the drawing is at 0. */
export function placeVertices(layering: Layering, arrows: Arrow[]): void {
  const { vertices } = layering;
  reserveSideLanes(layering, arrows);
  const { above, below } = pullsOf(layering, arrows);
  const rows = layering.layers.map((layer) => ({
    layer: layer.flatMap((index) => vertices[index] ?? []),
    above: layer.map((index) => above[index] ?? []),
    below: layer.map((index) => below[index] ?? []),
  }));
  const upwards = [...rows].reverse();
  for (const row of rows)
    settle(
      row.layer,
      row.layer.map(() => 0),
      row.layer.map(() => 1),
    );
  if (rows.some((row) => row.layer.length > 1)) {
    for (let i = 0; i < SWEEPS; i++) {
      for (const row of rows) pullLayer(row.layer, row.above, vertices);
      for (const row of upwards) pullLayer(row.layer, row.below, vertices);
    }
    for (const row of rows) {
      const both = row.above.map((pulls, i) => [...pulls, ...(row.below[i] ?? [])]);
      pullLayer(row.layer, both, vertices);
    }
    for (const row of upwards) straighten(row.layer, row.below, vertices);
    for (const row of rows) straighten(row.layer, row.above, vertices);
  }
  let left = Infinity;
  for (const vertex of vertices) left = Math.min(left, vertex.x - vertex.width / 2 - vertex.left);
  // Whole pixels keep hairlines sharp, and two ends of a straight line exactly equal.
  for (const vertex of vertices) vertex.x = Math.round(vertex.x - left);
}
