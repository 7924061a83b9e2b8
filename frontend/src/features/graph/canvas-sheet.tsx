import './graph.css';

import {
  memo,
  Suspense,
  useLayoutEffect,
  useMemo,
  useRef,
  type MouseEvent,
  type ReactNode,
} from 'react';

import type { GraphLayout } from '@/asl/layout/graph-layout';
import { lazily } from '@/app/lazily';

import { EdgeLayer } from './edge-layer';
import { nodesOf, type GraphNode } from './graph-elements';
import { showsAll } from './graph-view';
import { useInView, useSheet, useSheetState } from './sheet';
import { ContainerCard, DotCard, LabelCard, StateCard } from './state-card';
import { useGestures } from './use-gestures';

const FarLayer = lazily(() => import('./far-layer'), Infinity);

/** Below this zoom a card shows its name only. */
export const FAR = 0.55;
/** Below this zoom not even that can be read. */
const VERY_FAR = 0.25;
/** Up to this many nodes all of them stay in the page: moving is free, and the browser's own search finds them. */
const FEW = 200;

interface Props {
  layout: GraphLayout;
  /** The person begins to move the view. */
  onMove?: () => void;
  onNodeClick: (event: MouseEvent, node: GraphNode) => void;
  onPaneClick: () => void;
  /** Whether a press on this moves the sheet; everything does where nothing is said. */
  moves?: (target: EventTarget | null) => boolean;
  /** What lies on the same sheet as the cards, and moves with them. */
  children?: ReactNode;
}

const SheetNode = memo(function SheetNode({ node }: { node: GraphNode }) {
  const { x, y, width, height, zIndex } = node;
  return (
    <div
      className={`sheet-node sheet-${node.type}`}
      data-node={node.id}
      // Corners and not transforms: a thousand of these cost time in every frame.
      style={{ left: x, top: y, width, height, zIndex }}
    >
      {node.type === 'card' && <StateCard placed={node.placed} />}
      {node.type === 'container' && <ContainerCard placed={node.placed} />}
      {node.type === 'dot' && <DotCard dot={node.dot} />}
      {node.type === 'label' && (
        <LabelCard edge={node.edge} labels={node.labels} inside={node.inside} />
      )}
    </div>
  );
});

/** All of few nodes. */
const AllNodes = memo(function AllNodes({ nodes }: { nodes: readonly GraphNode[] }) {
  return nodes.map((node) => <SheetNode key={node.id} node={node} />);
});

/** Of many nodes those in view, and some around it. */
const NodesInView = memo(function NodesInView({ nodes }: { nodes: readonly GraphNode[] }) {
  const { x, y, width, height } = useInView();
  return nodes
    .filter(
      (node) =>
        node.x <= x + width &&
        node.x + node.width >= x &&
        node.y <= y + height &&
        node.y + node.height >= y,
    )
    .map((node) => <SheetNode key={node.id} node={node} />);
});

/**
 * A layout's cards and lines on a sheet that pans and zooms: where states go is the layout's, keys
 * and focus are the canvas's.
 */
export function CanvasSheet({ layout, onMove, onNodeClick, onPaneClick, moves, children }: Props) {
  const sheet = useSheet();
  const nodes = useMemo(() => nodesOf(layout), [layout]);
  const far = useFar();
  const box = useRef<HTMLDivElement>(null);
  const plane = useRef<HTMLDivElement>(null);
  const cover = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => sheet.holds(layout), [sheet, layout]);
  useLayoutEffect(() => {
    if (box.current && plane.current) return sheet.attach(box.current, plane.current);
  }, [sheet]);
  useGestures(box, cover, sheet, { onMove, moves });

  const click = (event: MouseEvent) => {
    const { target } = event;
    if (target === box.current) onPaneClick();
    const id =
      target instanceof Element && target.closest<HTMLElement>('.sheet-node')?.dataset.node;
    const node = id ? nodes.find((each) => each.id === id) : undefined;
    if (node) onNodeClick(event, node);
  };
  return (
    // What the mouse does here the keys of the canvas around it do.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <div className="sheet" ref={box} onClick={click}>
      <div className="sheet-plane" ref={plane}>
        {nodes.length > FEW ? <NodesInView nodes={nodes} /> : <AllNodes nodes={nodes} />}
        {far === 'very' && (
          <Suspense>
            <FarLayer layout={layout} />
          </Suspense>
        )}
        <EdgeLayer layout={layout} />
        {children}
      </div>
      <div className="sheet-cover" ref={cover} hidden />
    </div>
  );
}

/** Whether cards are too small to read more than their names, or even these; as `data-far` says it. */
export const useFar = () =>
  useSheetState(({ view: { zoom } }) =>
    zoom < VERY_FAR ? 'very' : zoom < FAR ? 'names' : undefined,
  );

/** Whether some of the graph lies outside the view. */
export const usePartly = (layout: GraphLayout) =>
  useSheetState(
    ({ view, width, height }) => width > 0 && !showsAll(view, { width, height }, layout),
  );
