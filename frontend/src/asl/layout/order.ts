/** Order within a rank: sweeps of barycentres, keeping the order with the fewest crossings. */

import type { Layering } from './layered';

interface Neighbours {
  above: number[][];
  below: number[][];
}

const SWEEPS = 4;

function neighboursOf({ vertices, chains }: Layering): Neighbours {
  const above = vertices.map((): number[] => []);
  const below = vertices.map((): number[] => []);
  for (const chain of chains) {
    for (let i = 1; i < chain.vertices.length; i++) {
      const upper = chain.vertices[i - 1] ?? 0;
      const lower = chain.vertices[i] ?? 0;
      below[upper]?.push(lower);
      above[lower]?.push(upper);
    }
  }
  return { above, below };
}

function number(layer: number[], { vertices }: Layering) {
  layer.forEach((index, order) => {
    const vertex = vertices[index];
    if (vertex) vertex.order = order;
  });
}

/** Counts inversions by merging: pairs of arrows that cross between two ranks. */
function inversions(values: number[]): number {
  if (values.length < 2) return 0;
  const middle = values.length >> 1;
  const left = values.slice(0, middle);
  const right = values.slice(middle);
  let count = inversions(left) + inversions(right);
  for (let i = 0, l = 0, r = 0; i < values.length; i++) {
    const a = left[l];
    const b = right[r];
    if (b === undefined || (a !== undefined && a <= b)) {
      values[i] = a ?? 0;
      l++;
    } else {
      values[i] = b;
      r++;
      count += left.length - l;
    }
  }
  return count;
}

function crossings(layering: Layering, { below }: Neighbours): number {
  let count = 0;
  const orderOf = (index: number) => layering.vertices[index]?.order ?? 0;
  for (const layer of layering.layers) {
    if (layer.length < 2) continue;
    const ends: number[] = [];
    for (const index of layer) {
      const near = below[index] ?? [];
      if (near.length === 1) ends.push(orderOf(near[0] ?? 0));
      else if (near.length > 1) ends.push(...near.map(orderOf).sort((a, b) => a - b));
    }
    count += inversions(ends);
  }
  return count;
}

function sweep(layering: Layering, towards: number[][], downwards: boolean) {
  const { vertices, layers } = layering;
  const sequence = downwards ? layers : [...layers].reverse();
  for (const layer of sequence) {
    if (layer.length < 2) continue;
    const centre = new Map<number, number>();
    for (const index of layer) {
      const near = towards[index] ?? [];
      let sum = 0;
      for (const other of near) sum += vertices[other]?.order ?? 0;
      centre.set(index, near.length > 0 ? sum / near.length : (vertices[index]?.order ?? 0));
    }
    // Array.sort is stable, so equals keep the order in which a reader meets them.
    layer.sort((a, b) => (centre.get(a) ?? 0) - (centre.get(b) ?? 0));
    number(layer, layering);
  }
}

/** Orders every layer in place and numbers its vertices. */
export function orderLayers(layering: Layering): void {
  for (const layer of layering.layers) number(layer, layering);
  if (layering.layers.every((layer) => layer.length < 2)) return;
  const neighbours = neighboursOf(layering);
  let best = layering.layers.map((layer) => [...layer]);
  let fewest = crossings(layering, neighbours);
  for (let i = 0; i < SWEEPS && fewest > 0; i++) {
    sweep(layering, neighbours.above, true);
    sweep(layering, neighbours.below, false);
    const count = crossings(layering, neighbours);
    if (count < fewest) {
      fewest = count;
      best = layering.layers.map((layer) => [...layer]);
    }
  }
  layering.layers = best;
  for (const layer of best) number(layer, layering);
}
