/** Ranks: which row each box stands in, so that arrows point down unless they close a loop. */

import type { Arrow, Box, Chain, Layering, Vertex } from './layered';

interface Walk {
  /** Boxes so that every arrow but the closing ones goes from earlier to later. */
  sequence: number[];
  /** When each box was first met: the order a reader would meet them in. */
  met: number[];
  closing: Set<number>;
}

/** Depth first, with a stack of our own: a chain of 10,000 states must not overflow the call stack. */
function walk(boxes: Box[], outgoing: number[][], arrows: Arrow[], start: number): Walk {
  const colour = new Uint8Array(boxes.length);
  const met = new Array<number>(boxes.length).fill(0);
  const finished: number[] = [];
  const closing = new Set<number>();
  let clock = 0;
  for (const root of [start, ...boxes.keys()]) {
    if (colour[root] !== 0) continue;
    colour[root] = 1;
    met[root] = clock++;
    const stack = [{ box: root, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const index = outgoing[top.box]?.[top.next++];
      if (index === undefined) {
        colour[top.box] = 2;
        finished.push(top.box);
        stack.pop();
        continue;
      }
      const to = arrows[index]?.to ?? 0;
      if (colour[to] === 1) closing.add(index);
      else if (colour[to] === 0) {
        colour[to] = 1;
        met[to] = clock++;
        stack.push({ box: to, next: 0 });
      }
    }
  }
  return { sequence: finished.reverse(), met, closing };
}

function longestPaths(
  boxes: Box[],
  outgoing: number[][],
  arrows: Arrow[],
  { sequence, closing }: Walk,
): number[] {
  const below = outgoing.map((indexes) => indexes.filter((index) => !closing.has(index)));
  // A loop's arrow needs its room between the ranks just as any other.
  for (const index of closing) below[arrows[index]?.to ?? 0]?.push(index);
  const rank = new Array<number>(boxes.length).fill(0);
  for (const box of sequence) {
    for (const index of below[box] ?? []) {
      const arrow = arrows[index];
      if (!arrow) continue;
      const lower = closing.has(index) ? arrow.from : arrow.to;
      // A label takes a rank of its own, so that it never collides with a box.
      const least = (rank[box] ?? 0) + (arrow.label ? 2 : 1);
      rank[lower] = Math.max(rank[lower] ?? 0, least);
    }
  }
  return rank;
}

function bend(rank: number, label: Box | null): Vertex {
  return {
    width: label?.width ?? 0,
    height: label?.height ?? 0,
    box: null,
    label: label !== null,
    rank,
    order: 0,
    x: 0,
    y: 0,
    left: 0,
    right: 0,
  };
}

/** Ranks the boxes and cuts arrows that pass a rank into chains of vertices, one a rank. */
export function assignRanks(boxes: Box[], arrows: Arrow[], start: number): Layering {
  const outgoing = boxes.map((): number[] => []);
  arrows.forEach((arrow, index) => {
    if (arrow.from !== arrow.to) outgoing[arrow.from]?.push(index);
  });
  const walked = walk(boxes, outgoing, arrows, start);
  const rank = longestPaths(boxes, outgoing, arrows, walked);

  const vertices: Vertex[] = boxes.map((box, index) => ({
    width: box.width,
    height: box.height,
    box: index,
    label: false,
    rank: rank[index] ?? 0,
    order: 0,
    x: 0,
    y: 0,
    left: 0,
    right: 0,
  }));
  const layers: number[][] = [];
  const put = (vertex: number, at: number) => (layers[at] ??= []).push(vertex);
  for (const index of [...boxes.keys()].sort(
    (a, b) => (walked.met[a] ?? 0) - (walked.met[b] ?? 0),
  )) {
    put(index, rank[index] ?? 0);
  }
  const chains: Chain[] = [];
  arrows.forEach((arrow, index) => {
    if (arrow.from === arrow.to) return;
    const reversed = walked.closing.has(index);
    const [upper, lower] = reversed ? [arrow.to, arrow.from] : [arrow.from, arrow.to];
    const chain: Chain = { arrow: index, reversed, vertices: [upper] };
    const first = (rank[upper] ?? 0) + 1;
    const last = (rank[lower] ?? 0) - 1;
    const labelRank = reversed ? last : first;
    for (let at = first; at <= last; at++) {
      vertices.push(bend(at, at === labelRank ? arrow.label : null));
      chain.vertices.push(vertices.length - 1);
      put(vertices.length - 1, at);
    }
    chain.vertices.push(lower);
    chains.push(chain);
  });
  return {
    vertices,
    layers: Array.from(layers, (layer: number[] | undefined) => layer ?? []),
    chains,
  };
}
