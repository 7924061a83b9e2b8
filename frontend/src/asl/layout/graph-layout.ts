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
const LEAST_CONTAINER_WIDTH = 272;
const LABEL_LINE = 18;
const LABEL_WIDTH = { least: 40, most: 216, letter: 6.1, padding: 14 };

export interface PlacedState extends Rect {
  name: string;
  state: State;
  container: string | null;
  depth: number;
  /** Of a Parallel or Map: where its branches stand, relative to its own corner. */
  lanes: Rect[];
}

export interface PlacedDot extends Rect {
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

/** A scope before it has a place: its drawing, at its own origin. */
interface Drawing extends Box {
  states: PlacedState[];
  dots: PlacedDot[];
  edges: PlacedEdge[];
}

function moved<T extends Rect>(thing: T, dx: number, dy: number): T {
  return { ...thing, x: thing.x + dx, y: thing.y + dy };
}

function movedEdge(edge: PlacedEdge, dx: number, dy: number): PlacedEdge {
  return {
    ...edge,
    points: edge.points.map((point) => ({ x: point.x + dx, y: point.y + dy })),
    label: edge.label && moved(edge.label, dx, dy),
  };
}

interface Container extends Box {
  lanes: Rect[];
  drawings: Drawing[];
}

function drawContainer(name: string, state: State, depth: number): Container {
  const header = state.Type === 'Map' ? MAP_HEADER : HEADER;
  const drawings = innerScopes(state).map((scope) => drawScope(scope, name, depth + 1));
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

function drawScope(scope: Scope, container: string | null, depth: number): Drawing {
  const entries = Object.entries(scope.States ?? {});
  if (entries.length === 0) return { ...EMPTY, states: [], dots: [], edges: [] };
  const indexOf = new Map(entries.map(([name], index) => [name, index]));
  const containers = entries.map(([name, state]) =>
    innerScopes(state).length > 0 ? drawContainer(name, state, depth) : null,
  );
  // Plain boxes: the layout copies them, and must not copy what stands inside them.
  const boxes: Box[] = containers.map((drawn) => ({
    width: (drawn ?? CARD).width,
    height: (drawn ?? CARD).height,
  }));
  const arrows: Arrow[] = [];
  const edges: PlacedEdge[] = [];
  const add = (
    from: number,
    to: number,
    edge: Omit<PlacedEdge, 'points' | 'label' | 'depth'>,
    label: Box | null,
  ) => {
    arrows.push({ from, to, side: edge.kind === 'catch', label });
    edges.push({ ...edge, points: [], label: null, depth });
  };

  const first = indexOf.get(scope.StartAt ?? '') ?? 0;
  let start = first;
  let end: number | null = null;
  const dots: PlacedDot[] = [];
  if (container === null) {
    start = boxes.push(DOT) - 1;
    dots.push({ ...DOT, kind: 'start', x: 0, y: 0 });
    const to = entries[first]?.[0] ?? null;
    add(start, first, { id: startEdgeId, from: null, to, kind: 'next', labels: [] }, null);
  }
  for (const { from, to, kind, labels } of transitionsOf(scope)) {
    const edge = { id: transitionId(from, to, kind), from, to, kind, labels };
    const label = kind === 'choice' ? labelBox(labels) : null;
    add(indexOf.get(from) ?? 0, indexOf.get(to) ?? 0, edge, label);
  }
  if (container === null) {
    const last = entries.filter(([, state]) => isTerminal(state) && state.Type !== 'Fail');
    if (last.length > 0) {
      const dot = (end = boxes.push(DOT) - 1);
      dots.push({ ...DOT, kind: 'end', x: 0, y: 0 });
      for (const [name] of last) {
        const edge = { id: endEdgeId(name), from: name, to: null, kind: 'next' as const };
        add(indexOf.get(name) ?? 0, dot, { ...edge, labels: [] }, null);
      }
    }
  }

  const result = layOut(boxes, arrows, start, end);
  const drawing: Drawing = { width: result.width, height: result.height, states: [], dots, edges };
  drawing.dots = dots.map((dot) => {
    const at = result.boxes[dot.kind === 'start' ? start : (end ?? start)];
    return moved(dot, at?.x ?? 0, at?.y ?? 0);
  });
  drawing.edges = edges.map((edge, index) => ({ ...edge, ...result.routes[index] }));
  entries.forEach(([name, state], index) => {
    const at = result.boxes[index];
    if (!at) return;
    const drawn = containers[index];
    drawing.states.push({ ...at, name, state, container, depth, lanes: drawn?.lanes ?? [] });
    drawn?.drawings.forEach((inner, lane) => {
      const room = drawn.lanes[lane];
      if (!room) return;
      const dx = Math.round(at.x + room.x + (room.width - inner.width) / 2);
      const dy = Math.round(at.y + room.y + PADDING);
      for (const each of inner.states) drawing.states.push(moved(each, dx, dy));
      for (const each of inner.edges) drawing.edges.push(movedEdge(each, dx, dy));
    });
  });
  return drawing;
}

/** Lays out a whole definition. Transitions to states that do not exist are left out. */
export function layOutDefinition(definition: Definition): GraphLayout {
  return drawScope(definition, null, 0);
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
