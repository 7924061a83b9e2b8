import '@xyflow/react/dist/base.css';
import './graph.css';

import {
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore as useFlow,
  useStoreApi,
  type NodeTypes,
} from '@xyflow/react';
import { ListTree, LocateFixed, Maximize, Minus, Plus } from 'lucide-react';
import {
  lazy,
  memo,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useState,
  type KeyboardEvent,
  type UIEvent,
} from 'react';

import type { GraphLayout } from '@/asl/layout/graph-layout';
import type { Box } from '@/asl/layout/layered';
import { isTyping, useShortcut } from '@/app/shortcuts';
import { useTheme } from '@/app/theme';
import { IconButton } from '@/ui/button';
import { statusWord } from '@/ui/status';

import { EdgeLayer } from './edge-layer';
import { glide, lookedAt, useFollow } from './follow';
import { nodesOf } from './graph-elements';
import { useGraph, useGraphStore } from './graph-store';
import { GraphSymbols } from './graph-symbols';
import { revealing, showsAll, startView, type View } from './graph-view';
import { neighbour, type Direction } from './neighbour';
import { goToOutline, useOutline } from './outline-store';
import { ContainerCard, DotCard, LabelCard, StateCard } from './state-card';

const Minimap = lazy(() => import('./minimap'));
const Outline = lazy(() => import('./outline'));

const nodeTypes: NodeTypes = {
  card: StateCard,
  container: ContainerCard,
  dot: DotCard,
  label: LabelCard,
};

/** Below this zoom a card shows its name only. */
const FAR = 0.55;
const FIT = { padding: 0.06, maxZoom: 1 };
/** Up to this many nodes all of them stay in the page: moving is free, and the browser's own search finds them. */
const FEW = 200;

const DIRECTIONS: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

const isFit = (event: globalThis.KeyboardEvent) =>
  (event.key === '0' && !event.ctrlKey && !event.metaKey) ||
  (event.altKey && event.code === 'KeyC');

const isOutline = (event: globalThis.KeyboardEvent) =>
  event.key === 'o' && !event.ctrlKey && !event.metaKey && !event.altKey;

interface Props {
  layout: GraphLayout;
  label: string;
  /** Enter on a selected state. */
  onInspect?: () => void;
}

/** The first view, and the size it was made for. */
interface Start {
  view: View;
  size: Box;
}

/** A selection made elsewhere (an event, an address, the outline) is brought into view. */
function useReveal(layout: GraphLayout, selected: string | null) {
  const flow = useReactFlow();
  const canvas = useStoreApi();
  useEffect(() => {
    const placed = layout.states.find(({ name }) => name === selected);
    const size = canvas.getState();
    if (!placed || size.width === 0) return;
    const view = flow.getViewport();
    const next = revealing(view, size, [lookedAt(placed)]);
    if (!next) return;
    if (view.zoom >= FAR) void flow.setViewport(next, glide());
    else {
      const { x, y, width, height } = lookedAt(placed);
      void flow.setCenter(x + width / 2, y + height / 2, { zoom: 0.8, ...glide() });
    }
    // Panning away afterwards is the person's choice: only a new selection moves the view.
  }, [flow, canvas, selected, layout]);
}

function Canvas({ layout, label, onInspect, start }: Props & { start: Start }) {
  const nodes = useMemo(() => nodesOf(layout), [layout]);
  const dark = useTheme((state) => state.dark);
  const flow = useReactFlow();
  const far = useFlow(({ transform }) => transform[2] < FAR);
  const partly = useFlow(
    ({ transform: [x, y, zoom], width, height }) =>
      width > 0 && !showsAll({ x, y, zoom }, { width, height }, layout),
  );
  const selected = useGraph((graph) => graph.selected);
  const select = useGraph((graph) => graph.select);
  const running = useGraph((graph) => graph.running);
  const status = useGraph((graph) => graph.states.get(graph.selected ?? '')?.status);
  const [following, setFollowing] = useState(true);
  const { open: outlined, toggle: toggleOutline } = useOutline();

  // Asking for everything ends the following, or the next step would take it away again.
  const fit = useCallback(() => {
    setFollowing(false);
    void flow.fitView({ ...FIT, ...glide() });
  }, [flow]);
  useShortcut(isFit, fit);
  useReveal(layout, selected);
  useFollow(layout, following && selected === null);

  const zoom = (way: 'in' | 'out') => {
    setFollowing(false);
    void (way === 'in' ? flow.zoomIn() : flow.zoomOut());
  };
  const press = (event: KeyboardEvent) => {
    if (isTyping(event.nativeEvent)) return;
    const direction = DIRECTIONS[event.key];
    if (direction) {
      const next = neighbour(layout.states, selected, direction);
      if (next !== null) select(next);
    } else if (event.key === 'Enter' && selected !== null) onInspect?.();
    else if (event.key === 'Escape') select(null);
    else if (event.key === '+' || event.key === '=') zoom('in');
    else if (event.key === '-') zoom('out');
    else return;
    event.preventDefault();
  };
  /** The browser's own search scrolls to what it found; on a canvas that is a move of the view. */
  const scrolled = ({ target }: UIEvent) => {
    if (!(target instanceof HTMLElement) || !target.classList.contains('react-flow')) return;
    const { scrollLeft, scrollTop } = target;
    if (scrollLeft === 0 && scrollTop === 0) return;
    const { x, y, zoom } = flow.getViewport();
    setFollowing(false);
    void flow.setViewport({ x: x - scrollLeft, y: y - scrollTop, zoom });
  };

  return (
    // The canvas is one composite widget with one tab stop; arrow keys move inside it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="graph-canvas"
      role="application"
      aria-label={`${label}. Arrow keys move between states, Enter inspects.`}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      data-testid="graph"
      data-far={far || undefined}
      onKeyDown={press}
      onScrollCapture={scrolled}
    >
      <GraphSymbols layout={layout} />
      <ReactFlow
        nodes={nodes}
        colorMode={dark ? 'dark' : 'light'}
        nodeTypes={nodeTypes}
        defaultViewport={start.view}
        width={start.size.width}
        height={start.size.height}
        minZoom={0.05}
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
        onMoveStart={(event) => event && setFollowing(false)}
        onNodeClick={(_, node) => {
          const clicked = node;
          if (clicked.type === 'card' || clicked.type === 'container') {
            select(clicked.data.placed.name);
          }
        }}
        onPaneClick={() => select(null)}
      >
        <EdgeLayer layout={layout} />
      </ReactFlow>
      <div className="graph-tools">
        <IconButton
          label="Outline of the states (o)"
          aria-pressed={outlined}
          onClick={toggleOutline}
        >
          <ListTree />
        </IconButton>
        {running && (
          <IconButton
            label="Follow what runs"
            aria-pressed={following}
            onClick={() => setFollowing(!following)}
          >
            <LocateFixed />
          </IconButton>
        )}
        <IconButton label="Zoom in (+)" onClick={() => zoom('in')}>
          <Plus />
        </IconButton>
        <IconButton label="Zoom out (−)" onClick={() => zoom('out')}>
          <Minus />
        </IconButton>
        <IconButton label="Fit into view (0)" onClick={fit}>
          <Maximize />
        </IconButton>
      </div>
      {partly && (
        <Suspense>
          <Minimap layout={layout} />
        </Suspense>
      )}
      <p className="visually-hidden" aria-live="polite">
        {selected !== null && `${selected}${status ? `, ${statusWord(status)}` : ''}`}
      </p>
    </div>
  );
}

/** The canvas once its size is known, so that its first frame is the right one. */
function Measured(props: Props) {
  const { layout } = props;
  const graph = useGraphStore();
  const [start, setStart] = useState<Start>();
  const measure = useCallback(
    (box: HTMLDivElement | null) => {
      if (!box) return;
      const size = { width: box.clientWidth, height: box.clientHeight };
      const view = startView(layout, size);
      const { selected } = graph.getState();
      const chosen = layout.states.filter(({ name }) => name === selected).map(lookedAt);
      setStart({ size, view: revealing(view, size, chosen) ?? view });
    },
    [layout, graph],
  );
  return (
    <div className="graph" ref={measure}>
      {start && <Canvas {...props} start={start} />}
    </div>
  );
}

/**
 * The graph of a definition, coloured by what the graph store says of each state, and beside it
 * the same as an outline.
 */
export const Graph = memo(function Graph(props: Props) {
  const open = useOutline((state) => state.open);
  useShortcut(isOutline, goToOutline);
  return (
    <ReactFlowProvider>
      <div className="graph-area">
        <button type="button" className="skip-link" onClick={goToOutline}>
          Go to the outline of the states
        </button>
        {open && (
          <Suspense fallback={<div className="outline" />}>
            <Outline
              layout={props.layout}
              {...(props.onInspect && { onInspect: props.onInspect })}
            />
          </Suspense>
        )}
        <Measured {...props} />
      </div>
    </ReactFlowProvider>
  );
});
