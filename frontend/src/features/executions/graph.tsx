import '@xyflow/react/dist/base.css';
import './graph.css';

import {
  Background,
  BackgroundVariant,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore as useFlow,
  type NodeTypes,
} from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useCallback, useEffect, useMemo, type KeyboardEvent } from 'react';

import type { GraphLayout } from '@/asl/layout/graph-layout';
import { isTyping, useShortcut } from '@/app/shortcuts';
import { useTheme } from '@/app/theme';
import { IconButton } from '@/ui/button';
import { statusWord } from '@/ui/status';

import { EdgeLayer } from './edge-layer';
import { nodesOf } from './graph-elements';
import { useGraph } from './graph-store';
import { neighbour, type Direction } from './neighbour';
import { ContainerCard, DotCard, LabelCard, StateCard } from './state-card';

const nodeTypes: NodeTypes = {
  card: StateCard,
  container: ContainerCard,
  dot: DotCard,
  label: LabelCard,
};

/** Below this zoom a card shows its name only. */
const FAR = 0.55;
const FIT = { padding: 0.06, maxZoom: 1, duration: 0 };

const DIRECTIONS: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

const still = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const isFit = (event: globalThis.KeyboardEvent) =>
  (event.key === '0' && !event.ctrlKey && !event.metaKey) ||
  (event.altKey && event.code === 'KeyC');

interface Props {
  layout: GraphLayout;
  label: string;
  /** Enter on a selected state. */
  onInspect?: () => void;
}

function Canvas({ layout, label, onInspect }: Props) {
  const nodes = useMemo(() => nodesOf(layout), [layout]);
  const dark = useTheme((state) => state.dark);
  const flow = useReactFlow();
  const far = useFlow(({ transform }) => transform[2] < FAR);
  const width = useFlow((state) => state.width);
  const height = useFlow((state) => state.height);
  const selected = useGraph((graph) => graph.selected);
  const select = useGraph((graph) => graph.select);
  const status = useGraph((graph) => graph.states.get(graph.selected ?? '')?.status);

  const fit = useCallback(() => void flow.fitView({ ...FIT, duration: still() ? 0 : 200 }), [flow]);
  useShortcut(isFit, fit);

  // A selection made elsewhere (an event, an address) is brought into view.
  useEffect(() => {
    const placed = layout.states.find(({ name }) => name === selected);
    if (!placed || width === 0) return;
    const { x, y, zoom } = flow.getViewport();
    const left = placed.x * zoom + x;
    const top = placed.y * zoom + y;
    const right = left + placed.width * zoom;
    const bottom = top + Math.min(placed.height, 48) * zoom;
    if (left >= 0 && top >= 0 && right <= width && bottom <= height) return;
    void flow.setCenter(placed.x + placed.width / 2, placed.y + Math.min(placed.height, 200) / 2, {
      zoom: Math.max(zoom, 0.7),
      duration: still() ? 0 : 200,
    });
    // Panning away afterwards is the person's choice: only a new selection moves the view.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected, layout]);

  const press = (event: KeyboardEvent) => {
    if (isTyping(event.nativeEvent)) return;
    const direction = DIRECTIONS[event.key];
    if (direction) {
      const next = neighbour(layout.states, selected, direction);
      if (next !== null) select(next);
    } else if (event.key === 'Enter' && selected !== null) onInspect?.();
    else if (event.key === 'Escape') select(null);
    else if (event.key === '+' || event.key === '=') void flow.zoomIn();
    else if (event.key === '-') void flow.zoomOut();
    else return;
    event.preventDefault();
  };

  return (
    // The canvas is one composite widget with one tab stop; arrow keys move inside it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="graph"
      role="application"
      aria-label={`${label}. Arrow keys move between states, Enter inspects.`}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      data-testid="graph"
      data-far={far || undefined}
      onKeyDown={press}
    >
      <ReactFlow
        nodes={nodes}
        colorMode={dark ? 'dark' : 'light'}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={FIT}
        minZoom={0.05}
        maxZoom={2}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        zoomOnDoubleClick={false}
        onNodeClick={(_, node) => {
          const clicked = node;
          if (clicked.type === 'card' || clicked.type === 'container') {
            select(clicked.data.placed.name);
          }
        }}
        onPaneClick={() => select(null)}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
        <EdgeLayer layout={layout} />
      </ReactFlow>
      <div className="graph-tools">
        <IconButton label="Zoom in (+)" onClick={() => void flow.zoomIn()}>
          <Plus />
        </IconButton>
        <IconButton label="Zoom out (−)" onClick={() => void flow.zoomOut()}>
          <Minus />
        </IconButton>
        <IconButton label="Fit into view (0)" onClick={fit}>
          <Maximize />
        </IconButton>
      </div>
      <p className="visually-hidden" aria-live="polite">
        {selected !== null && `${selected}${status ? `, ${statusWord(status)}` : ''}`}
      </p>
    </div>
  );
}

/** The graph of a definition, coloured by what the graph store says of each state. */
export function Graph(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}
