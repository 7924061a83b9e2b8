/**
 * Routes: arrows run down through the ranks in their own columns and change columns only in the
 * channels between ranks, each on a track of its own. So they never pass under a box.
 */

import {
  SIDE_LANE,
  type Arrow,
  type Box,
  type Chain,
  type LayeredResult,
  type Layering,
  type Point,
  type Rect,
  type Vertex,
} from './layered';

const CHANNEL = 32;
const LABEL_CHANNEL = 20;
const TRACK = 10;
const CLEARANCE = 10;

/** Arrows that change columns together in one channel: they share their source or their target. */
interface Net {
  tops: number[];
  bottoms: number[];
  left: number;
  right: number;
  track: number;
}

interface Hop {
  x1: number;
  x2: number;
  net: Net;
}

interface Ends {
  /** Column in which the chain leaves its upper and enters its lower vertex. */
  upper: number;
  lower: number;
}

/** The columns of every chain's ends; side lanes are handed out from the box outwards. */
function endsOf({ vertices, chains }: Layering, arrows: Arrow[]): Ends[] {
  const usedLeft = new Map<number, number>();
  const usedRight = new Map<number, number>();
  const lane = (index: number, side: 'left' | 'right') => {
    const used = side === 'left' ? usedLeft : usedRight;
    const count = (used.get(index) ?? 0) + 1;
    used.set(index, count);
    const vertex = vertices[index];
    const offset = (vertex?.width ?? 0) / 2 + count * SIDE_LANE;
    return (vertex?.x ?? 0) + (side === 'left' ? -offset : offset);
  };
  return chains.map((chain) => {
    const upper = chain.vertices[0] ?? 0;
    const lower = chain.vertices.at(-1) ?? 0;
    if (chain.reversed) return { upper: lane(upper, 'left'), lower: lane(lower, 'left') };
    const sideways = arrows[chain.arrow]?.side === true;
    return {
      upper: sideways ? lane(upper, 'right') : (vertices[upper]?.x ?? 0),
      lower: vertices[lower]?.x ?? 0,
    };
  });
}

/** One number for a vertex and a column of it; columns are whole pixels below a million. */
const netKey = (vertex: number, x: number) => vertex * 1e6 + x;

/** Gives each net a track, so that none overlap and a line down never hides another line down. */
function assignTracks(nets: Net[]): number {
  const bent = nets.filter((net) => net.right - net.left > 0);
  if (bent.length === 0) return 0;
  bent.sort((a, b) => a.left - b.left);
  const near = (a: number, b: number) => Math.abs(a - b) < CLEARANCE;
  const waiting = new Map<Net, Set<Net>>();
  for (const net of bent) {
    const above = bent.filter(
      (other) => other !== net && other.tops.some((x) => net.bottoms.some((y) => near(x, y))),
    );
    waiting.set(net, new Set(above));
  }
  const placed: Net[] = [];
  let tracks = 0;
  while (waiting.size > 0) {
    // In a circle of constraints any choice is as good as another: take the leftmost.
    const [net] = [...waiting].find(([, above]) => above.size === 0) ?? [...waiting][0] ?? [];
    if (!net) break;
    waiting.delete(net);
    let track = 0;
    for (const other of placed) {
      const mustBeBelow = other.tops.some((x) => net.bottoms.some((y) => near(x, y)));
      if (mustBeBelow) track = Math.max(track, other.track + 1);
    }
    const collides = (other: Net) =>
      other.track === track &&
      other.left < net.right + CLEARANCE &&
      net.left < other.right + CLEARANCE;
    while (placed.some(collides)) track++;
    net.track = track;
    tracks = Math.max(tracks, track + 1);
    placed.push(net);
    for (const above of waiting.values()) above.delete(net);
  }
  return tracks;
}

function rounded(points: Point[]): Point[] {
  return points.filter((point, i) => {
    const before = points[i - 1];
    const after = points[i + 1];
    if (!before) return true;
    if (before.x === point.x && before.y === point.y) return false;
    if (!after) return true;
    return !(
      (before.x === point.x && point.x === after.x) ||
      (before.y === point.y && point.y === after.y)
    );
  });
}

/** Lines that leave or enter sideways do so at this height of their box. */
function sideHeight(vertex: Vertex): number {
  return vertex.y + Math.min(vertex.height, 48) / 2;
}

function selfLoop(vertex: Vertex): Point[] {
  const edge = vertex.x + vertex.width / 2;
  const y = sideHeight(vertex);
  return [
    { x: edge, y: y + 8 },
    { x: edge + SIDE_LANE, y: y + 8 },
    { x: edge + SIDE_LANE, y: y - 8 },
    { x: edge, y: y - 8 },
  ];
}

/** Finds the height of every rank and channel, and the corners of every arrow. */
export function routeArrows(layering: Layering, boxes: Box[], arrows: Arrow[]): LayeredResult {
  const { vertices, layers, chains } = layering;
  const ends = endsOf(layering, arrows);
  const channels = layers.map(() => new Map<number, Net>());
  const sharing = new Map<number, number>();
  const column = (chain: Chain, i: number, end: number) =>
    i === 0 || i === chain.vertices.length - 1 ? end : (vertices[chain.vertices[i] ?? 0]?.x ?? 0);
  chains.forEach((chain, c) => {
    const key = netKey(chain.vertices[0] ?? 0, ends[c]?.upper ?? 0);
    sharing.set(key, (sharing.get(key) ?? 0) + 1);
  });
  const hops: Hop[][] = chains.map((chain, c) => {
    const { upper, lower } = ends[c] ?? { upper: 0, lower: 0 };
    return chain.vertices.slice(1).map((to, i) => {
      const from = chain.vertices[i] ?? 0;
      const x1 = column(chain, i, upper);
      const x2 = column(chain, i + 1, lower);
      const fansOut = i === 0 && (sharing.get(netKey(from, upper)) ?? 0) > 1;
      const key = fansOut ? netKey(from, x1) : -1 - netKey(to, x2);
      const nets = channels[vertices[from]?.rank ?? 0];
      let net = nets?.get(key);
      if (!net) {
        net = { tops: [], bottoms: [], left: Infinity, right: -Infinity, track: 0 };
        nets?.set(key, net);
      }
      net.tops.push(x1);
      net.bottoms.push(x2);
      net.left = Math.min(net.left, x1, x2);
      net.right = Math.max(net.right, x1, x2);
      return { x1, x2, net };
    });
  });

  const tops: number[] = [];
  const bottoms: number[] = [];
  const trackCounts: number[] = [];
  let y = 0;
  layers.forEach((layer, rank) => {
    const members = layer.flatMap((index) => vertices[index] ?? []);
    const height = Math.max(0, ...members.map((vertex) => vertex.height));
    tops.push(y);
    for (const vertex of members) vertex.y = vertex.label ? y + (height - vertex.height) / 2 : y;
    bottoms.push(y + height);
    const tracks = assignTracks([...(channels[rank]?.values() ?? [])]);
    trackCounts.push(tracks);
    const labels = [layer, layers[rank + 1] ?? []].some(
      (row) => row.length > 0 && row.every((index) => vertices[index]?.box === null),
    );
    const least = labels ? LABEL_CHANNEL : CHANNEL;
    y += height + Math.max(least, (tracks - 1) * TRACK + least);
  });

  const channelY = (rank: number, net: Net) => {
    const top = bottoms[rank] ?? 0;
    const bottom = tops[rank + 1] ?? top;
    const spread = Math.max(0, (trackCounts[rank] ?? 0) - 1) * TRACK;
    return Math.round((top + bottom) / 2 - spread / 2 + net.track * TRACK);
  };

  const routes = arrows.map((arrow): { points: Point[]; label: Rect | null } => {
    const vertex = vertices[arrow.from];
    return { points: arrow.from === arrow.to && vertex ? selfLoop(vertex) : [], label: null };
  });
  chains.forEach((chain, c) => {
    const first = vertices[chain.vertices[0] ?? 0];
    const last = vertices[chain.vertices.at(-1) ?? 0];
    const arrow = arrows[chain.arrow];
    const route = routes[chain.arrow];
    const { upper, lower } = ends[c] ?? { upper: 0, lower: 0 };
    if (!first || !last || !arrow || !route) return;
    const points: Point[] = [];
    if (chain.reversed) {
      points.push({ x: first.x - first.width / 2, y: sideHeight(first) });
      points.push({ x: upper, y: sideHeight(first) });
    } else if (arrow.side) {
      points.push({ x: first.x + first.width / 2, y: sideHeight(first) });
      points.push({ x: upper, y: sideHeight(first) });
    } else {
      points.push({ x: first.x, y: first.y + first.height });
    }
    (hops[c] ?? []).forEach((hop, i) => {
      const at = channelY(first.rank + i, hop.net);
      points.push({ x: hop.x1, y: at }, { x: hop.x2, y: at });
    });
    if (chain.reversed) {
      points.push({ x: lower, y: sideHeight(last) });
      points.push({ x: last.x - last.width / 2, y: sideHeight(last) });
      points.reverse();
    } else {
      points.push({ x: last.x, y: last.y });
    }
    route.points = rounded(points);
    const labelled = chain.vertices.map((i) => vertices[i]).find((vertex) => vertex?.label);
    if (labelled) {
      const { width, height } = labelled;
      route.label = { x: labelled.x - width / 2, y: labelled.y, width, height };
    }
  });

  let width = 0;
  for (const vertex of vertices) {
    width = Math.max(width, vertex.x + vertex.width / 2 + vertex.right);
  }
  return {
    width,
    height: bottoms.at(-1) ?? 0,
    boxes: boxes.map((box, index) => {
      const vertex = vertices[index];
      const { width, height } = box;
      return { x: (vertex?.x ?? 0) - width / 2, y: vertex?.y ?? 0, width, height };
    }),
    routes,
  };
}
