/** Ranks: which row each box stands in, so that arrows point down unless they close a loop. */

import type { Arrow, Box, Chain, Layering, Vertex } from './layered';

/** What is lower than this is a dot, in pixels. */
const SMALL = 24;

interface Walk {
  /** Boxes so that every arrow but the closing ones goes from earlier to later. */
  sequence: number[];
  /** When each box was first met: the order a reader would meet them in. */
  met: number[];
  closing: Set<number>;
  /** How many boxes the start leads to, itself among them. */
  reached: number;
}

/** Depth first, with a stack of our own: a chain of 10,000 states must not overflow the call stack. */
function walk(boxes: Box[], outgoing: number[][], arrows: Arrow[], start: number): Walk {
  const colour = new Uint8Array(boxes.length);
  const met = new Array<number>(boxes.length).fill(0);
  const finished: number[] = [];
  const closing = new Set<number>();
  let clock = 0;
  let reached = 0;
  for (const root of [start, ...boxes.keys()]) {
    if (colour[root] !== 0) continue;
    if (root !== start && reached === 0) reached = clock;
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
  return { sequence: finished.reverse(), met, closing, reached: reached || clock };
}

function longestPaths(
  boxes: Box[],
  outgoing: number[][],
  arrows: Arrow[],
  { sequence, closing }: Walk,
  component: number[] | null,
): number[] {
  const within = (index: number) => {
    const { from = 0, to = 0 } = arrows[index] ?? {};
    return component === null || component[from] === component[to];
  };
  const below = outgoing.map((indexes) =>
    indexes.filter((index) => !closing.has(index) && within(index)),
  );
  // A loop's arrow needs its room between the ranks just as any other.
  for (const index of closing) below[arrows[index]?.to ?? 0]?.push(index);
  const rank = new Array<number>(boxes.length).fill(0);
  for (const box of sequence) {
    for (const index of below[box] ?? []) {
      const arrow = arrows[index];
      if (!arrow) continue;
      const lower = closing.has(index) ? arrow.from : arrow.to;
      // A label takes a rank of its own, so that it never collides with a box.
      rank[lower] = Math.max(rank[lower] ?? 0, (rank[box] ?? 0) + least(arrow));
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

/** 0 for what `start` leads to; what hangs together of the rest has a number of its own. */
function componentsOf(boxes: Box[], arrows: Arrow[], start: number): number[] {
  const component = new Array<number>(boxes.length).fill(-1);
  const spread = (root: number, number: number, neighbours: number[][]) => {
    component[root] = number;
    const waiting = [root];
    for (let box = waiting.pop(); box !== undefined; box = waiting.pop()) {
      for (const next of neighbours[box] ?? []) {
        if (component[next] !== -1) continue;
        component[next] = number;
        waiting.push(next);
      }
    }
  };
  const following = boxes.map((): number[] => []);
  const beside = boxes.map((): number[] => []);
  for (const { from, to } of arrows) {
    following[from]?.push(to);
    beside[from]?.push(to);
    beside[to]?.push(from);
  }
  spread(start, 0, following);
  let count = 0;
  for (const box of boxes.keys()) if (component[box] === -1) spread(box, ++count, beside);
  return component;
}

const least = ({ label }: Arrow) => (label ? 2 : 1);

/**
 * Puts what `start` does not lead to beside what it does, and moves nothing of that: right above
 * what it leads to where there is room below the start, else beneath it, with arrows that point up.
 */
function placeUnreachable(
  arrows: Arrow[],
  rank: number[],
  component: number[],
  closing: Set<number>,
  top: number,
) {
  const leading = new Map<number, number[]>();
  arrows.forEach(({ from, to }, index) => {
    const own = component[from] ?? 0;
    if (own !== 0 && component[to] === 0) leading.set(own, [...(leading.get(own) ?? []), index]);
  });
  const shifts = new Map<number, number>();
  for (const [own, indexes] of leading) {
    const spare = indexes.map((index) => {
      const arrow = arrows[index];
      return arrow ? (rank[arrow.to] ?? 0) - least(arrow) - (rank[arrow.from] ?? 0) - top : 0;
    });
    const room = Math.min(...spare);
    if (room >= 0) shifts.set(own, room);
    else {
      const beneath = indexes.map((index) => {
        closing.add(index);
        const arrow = arrows[index];
        return arrow ? (rank[arrow.to] ?? 0) + least(arrow) - (rank[arrow.from] ?? 0) - top : 0;
      });
      shifts.set(own, Math.max(0, ...beneath));
    }
  }
  component.forEach((own, box) => {
    if (own !== 0) rank[box] = (rank[box] ?? 0) + top + (shifts.get(own) ?? 0);
  });
}

/** Ranks the boxes and cuts arrows that pass a rank into chains of vertices, one a rank. */
export function assignRanks(boxes: Box[], arrows: Arrow[], start: number): Layering {
  const outgoing = boxes.map((): number[] => []);
  arrows.forEach((arrow, index) => {
    if (arrow.from !== arrow.to) outgoing[arrow.from]?.push(index);
  });
  const walked = walk(boxes, outgoing, arrows, start);
  const component = walked.reached < boxes.length ? componentsOf(boxes, arrows, start) : null;
  const rank = longestPaths(boxes, outgoing, arrows, walked, component);
  // Beside a start that is a mere dot a box would push down all that follows.
  const top = (boxes[start]?.height ?? 0) < SMALL ? 1 : 0;
  if (component) placeUnreachable(arrows, rank, component, walked.closing, top);

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
