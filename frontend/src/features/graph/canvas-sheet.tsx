import '@xyflow/react/dist/base.css';
import './graph.css';

import { ReactFlow, useStore as useFlow, type NodeTypes, type ReactFlowProps } from '@xyflow/react';
import { Suspense, useMemo, type ReactNode } from 'react';

import type { GraphLayout } from '@/asl/layout/graph-layout';
import type { Box } from '@/asl/layout/layered';
import { lazily } from '@/app/lazily';
import { useTheme } from '@/app/theme';

import { EdgeLayer } from './edge-layer';
import { nodesOf } from './graph-elements';
import { showsAll, type View } from './graph-view';
import { ContainerCard, DotCard, LabelCard, StateCard, type GraphNode } from './state-card';

const FarLayer = lazily(() => import('./far-layer'), Infinity);

const nodeTypes: NodeTypes = {
  card: StateCard,
  container: ContainerCard,
  dot: DotCard,
  label: LabelCard,
};

/** Below this zoom a card shows its name only. */
export const FAR = 0.55;
/** Below this zoom not even that can be read. */
const VERY_FAR = 0.25;
/** A thousand states in one chain, fitted into a view. */
const FARTHEST = 0.01;
/** Up to this many nodes all of them stay in the page: moving is free, and the browser's own search finds them. */
const FEW = 200;

/** The first view, and the size it was made for. */
export interface Start {
  view: View;
  size: Box;
}

interface Props extends Pick<
  ReactFlowProps<GraphNode>,
  'onMoveStart' | 'onNodeClick' | 'onPaneClick'
> {
  layout: GraphLayout;
  start: Start;
  /** What lies on the same sheet as the cards, and moves with them. */
  children?: ReactNode;
}

/**
 * A layout's cards and lines on a sheet that pans and zooms. React Flow does no more than that and
 * mounting what is in view: where states go is the layout's, keys and focus are the canvas's.
 */
export function CanvasSheet({ layout, start, children, ...handlers }: Props) {
  const nodes = useMemo(() => nodesOf(layout), [layout]);
  const far = useFar();
  const dark = useTheme((state) => state.dark);
  return (
    <ReactFlow
      nodes={nodes}
      colorMode={dark ? 'dark' : 'light'}
      nodeTypes={nodeTypes}
      defaultViewport={start.view}
      width={start.size.width}
      height={start.size.height}
      minZoom={FARTHEST}
      maxZoom={2}
      onlyRenderVisibleElements={nodes.length > FEW}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      elementsSelectable={false}
      disableKeyboardA11y
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      zoomOnDoubleClick={false}
      {...handlers}
    >
      {far === 'very' && (
        <Suspense>
          <FarLayer layout={layout} />
        </Suspense>
      )}
      <EdgeLayer layout={layout} />
      {children}
    </ReactFlow>
  );
}

/** Whether cards are too small to read more than their names, or even these; as `data-far` says it. */
export const useFar = () =>
  useFlow(({ transform: [, , zoom] }) =>
    zoom < VERY_FAR ? 'very' : zoom < FAR ? 'names' : undefined,
  );

/** Whether some of the graph lies outside the view. */
export const usePartly = (layout: GraphLayout) =>
  useFlow(
    ({ transform: [x, y, zoom], width, height }) =>
      width > 0 && !showsAll({ x, y, zoom }, { width, height }, layout),
  );
