/**
 * From a definition to a drawing: each scope is laid out on its own, and a Parallel or Map becomes
 * one box of the scope around it. Pure and fast: 1,000 nested states take a few milliseconds.
 */

import { innerScopes, type Definition, type Scope, type State } from '../definition';
import { isTerminal, transitionId, transitionsOf, type TransitionKind } from '../transitions';
import { layOut, type Arrow, type Box, type Point, type Rect } from './layered';

export const CARD: Box = { width: 224, height: 48 };
const DOT: Box = { width: 12, height: 12 };
const HEADER = 44;
/** A Map's header has a second row for its iterations. */
const MAP_HEADER = 76;
const PADDING = 16;
const LANE_GAP = 12;
const EMPTY: Box = { width: 160, height: 32 };
const LEAST_CONTAINER_WIDTH = 312;
const LABEL_LINE = 18;
const LABEL_WIDTH = { least: 40, most: 240, letter: 6.6, padding: 14 };
/** Between a state that ends the execution and the dot beneath it. */
const END_GAP = 20;

export interface PlacedState extends Rect {
  name: string;
  state: State;
  container: string | null;
  /** Which of its container's branches it belongs to, from 0. */
  branch: number;
  depth: number;
  /** Of a Parallel or Map: where its branches stand, relative to its own corner. */
  lanes: Rect[];
}

export interface PlacedDot extends Rect {
  /** The name of the edge at it. */
  id: string;
  kind: 'start' | 'end';
}

export interface PlacedEdge {
  id: string;
  /** State names; null is the start or the end dot. */
  from: string | null;
  to: string | null;
  kind: TransitionKind;
  labels: string[];
  points: Point[];
  label: Rect | null;
  depth: number;
}

export interface GraphLayout extends Box {
  states: PlacedState[];
  dots: PlacedDot[];
  edges: PlacedEdge[];
}

/** Edges at the dots have names too, so that a drawn path can be found again. */
export const startEdgeId = 'start';
export const endEdgeId = (from: string) => `end:${from}`;

function labelBox(labels: string[]): Box | null {
  if (labels.length === 0) return null;
  const longest = Math.max(...labels.slice(0, 2).map((label) => label.length));
  const wished = longest * LABEL_WIDTH.letter + LABEL_WIDTH.padding;
  const width = Math.round(Math.min(LABEL_WIDTH.most, Math.max(LABEL_WIDTH.least, wished)));
  return { width: width + (width % 2), height: Math.min(2, labels.length) * LABEL_LINE };
}

/** A scope before it has a place: its drawing at its own origin, and what stands inside its boxes. */
interface Drawing extends GraphLayout {
  inner: { drawing: Drawing; x: number; y: number }[];
}

function move(thing: Point, dx: number, dy: number) {
  thing.x += dx;
  thing.y += dy;
}

/** Collects a drawing and all inside it, each thing moved to its place once, whatever its depth. */
function collect(drawing: Drawing, dx: number, dy: number, into: GraphLayout) {
  for (const state of drawing.states) {
    move(state, dx, dy);
    into.states.push(state);
  }
  for (const dot of drawing.dots) {
    move(dot, dx, dy);
    into.dots.push(dot);
  }
  for (const edge of drawing.edges) {
    for (const point of edge.points) move(point, dx, dy);
    if (edge.label) move(edge.label, dx, dy);
    into.edges.push(edge);
  }
  for (const { drawing: inner, x, y } of drawing.inner) collect(inner, dx + x, dy + y, into);
}

type NewEdge = Pick<PlacedEdge, 'id' | 'from' | 'to' | 'kind' | 'labels'>;

interface Container extends Box {
  lanes: Rect[];
  drawings: Drawing[];
}

function drawContainer(name: string, state: State, depth: number): Container {
  const header = state.Type === 'Map' ? MAP_HEADER : HEADER;
  const drawings = innerScopes(state).map((scope, branch) =>
    drawScope(scope, name, branch, depth + 1),
  );
  const inner = drawings.reduce((sum, { width }) => sum + width + 2 * PADDING, 0);
  const gaps = Math.max(0, drawings.length - 1) * LANE_GAP + 2 * LANE_GAP;
  const width = Math.max(LEAST_CONTAINER_WIDTH, inner + gaps);
  const stretch = drawings.length > 0 ? (width - inner - gaps) / drawings.length : 0;
  const laneHeight = Math.max(0, ...drawings.map(({ height }) => height)) + 2 * PADDING;
  let x = LANE_GAP;
  const lanes = drawings.map((drawing) => {
    const lane = { x, y: header, width: drawing.width + 2 * PADDING + stretch, height: laneHeight };
    x += lane.width + LANE_GAP;
    return lane;
  });
  return { width, height: header + laneHeight + LANE_GAP, lanes, drawings };
}

function drawScope(scope: Scope, container: string | null, branch: number, depth: number): Drawing {
  const { width, height } = EMPTY;
  const drawing: Drawing = { width, height, states: [], dots: [], edges: [], inner: [] };
  const entries = Object.entries(scope.States ?? {});
  if (entries.length === 0) return drawing;
  const indexOf = new Map(entries.map(([name], index) => [name, index]));
  const containers = entries.map(([name, state]) =>
    innerScopes(state).length > 0 ? drawContainer(name, state, depth) : null,
  );
  const ends = ([, state]: [string, State]) => container === null && isTerminal(state);
  // The end's dot belongs to its state's box: nothing leads out of the bottom of such a state.
  const boxes: Box[] = entries.map((entry, index) => {
    const { width, height } = containers[index] ?? CARD;
    return { width, height: ends(entry) ? height + END_GAP + DOT.height : height };
  });
  const arrows: Arrow[] = [];
  // Objects are written out in full here: spreading a thousand of them is what takes the time.
  const add = (from: number, to: number, edge: NewEdge) => {
    const { id, kind, labels } = edge;
    const box = kind === 'choice' ? labelBox(labels) : null;
    arrows.push({ from, to, side: kind === 'catch', label: box });
    drawing.edges.push({
      id,
      from: edge.from,
      to: edge.to,
      kind,
      labels,
      points: [],
      label: null,
      depth,
    });
  };

  const first = indexOf.get(scope.StartAt ?? '') ?? 0;
  let start = first;
  if (container === null) {
    start = boxes.push(DOT) - 1;
    const to = entries[first]?.[0] ?? null;
    add(start, first, { id: startEdgeId, from: null, to, kind: 'next', labels: [] });
  }
  for (const { from, to, kind, labels } of transitionsOf(scope)) {
    const edge = { id: transitionId(from, to, kind), from, to, kind, labels };
    add(indexOf.get(from) ?? 0, indexOf.get(to) ?? 0, edge);
  }

  const result = layOut(boxes, arrows, start);
  drawing.width = result.width;
  drawing.height = result.height;
  drawing.edges.forEach((edge, index) => {
    const route = result.routes[index];
    if (!route) return;
    edge.points = route.points;
    edge.label = route.label;
  });
  const begin = container === null && result.boxes[start];
  if (begin) drawing.dots.push({ ...begin, id: startEdgeId, kind: 'start' });
  entries.forEach((entry, index) => {
    const at = result.boxes[index];
    if (!at) return;
    const [name, state] = entry;
    const drawn = containers[index];
    const { x, y, width } = at;
    const { height } = drawn ?? CARD;
    const lanes = drawn?.lanes ?? [];
    drawing.states.push({ x, y, width, height, name, state, container, branch, depth, lanes });
    if (ends(entry)) drawEnd(drawing, name, { x: x + width / 2, y: y + height }, depth);
    drawn?.drawings.forEach((inner, lane) => {
      const room = drawn.lanes[lane];
      if (!room) return;
      drawing.inner.push({
        drawing: inner,
        x: Math.round(x + room.x + (room.width - inner.width) / 2),
        y: Math.round(y + room.y + PADDING),
      });
    });
  });
  return drawing;
}

/** A dot right beneath a state that ends the execution. */
function drawEnd({ dots, edges }: Drawing, name: string, from: Point, depth: number) {
  const id = endEdgeId(name);
  const to = { x: from.x, y: from.y + END_GAP };
  dots.push({ id, kind: 'end', x: to.x - DOT.width / 2, y: to.y, ...DOT });
  edges.push({
    ...{ id, from: name, to: null, kind: 'next', labels: [], label: null, depth },
    points: [from, to],
  });
}

/** Lays out a whole definition. Transitions to states that do not exist are left out. */
export function layOutDefinition(definition: Definition): GraphLayout {
  const drawing = drawScope(definition, null, 0, 0);
  const { width, height } = drawing;
  const layout: GraphLayout = { width, height, states: [], dots: [], edges: [] };
  collect(drawing, 0, 0, layout);
  return layout;
}

/** An SVG path through the points with rounded corners. */
export function roundedPath(points: Point[], radius = 8): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${first.x} ${first.y}`;
  rest.forEach((corner, i) => {
    const before = points[i] ?? first;
    const after = rest[i + 1];
    if (!after) {
      path += `L${corner.x} ${corner.y}`;
      return;
    }
    const reach = (other: Point) => {
      const length = Math.abs(other.x - corner.x) + Math.abs(other.y - corner.y);
      const part = length === 0 ? 0 : Math.min(radius, length / 2) / length;
      return {
        x: corner.x + (other.x - corner.x) * part,
        y: corner.y + (other.y - corner.y) * part,
      };
    };
    const enter = reach(before);
    const leave = reach(after);
    path += `L${enter.x} ${enter.y}Q${corner.x} ${corner.y} ${leave.x} ${leave.y}`;
  });
  return path;
}
