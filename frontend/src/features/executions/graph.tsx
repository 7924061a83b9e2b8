import { LocateFixed } from 'lucide-react';
import {
  memo,
  Suspense,
  useCallback,
  useEffect,
  useState,
  type KeyboardEvent,
  type UIEvent,
} from 'react';

import type { GraphLayout } from '@/asl/layout/graph-layout';
import { lazily } from '@/app/lazily';
import { isTyping, useShortcut } from '@/app/shortcuts';
import { CanvasSheet, FAR, useFar, usePartly } from '@/features/graph/canvas-sheet';
import { glide, lookedAt, showing, useFollow, wentWrong } from '@/features/graph/follow';
import { useGraph, useGraphStore, useStateView } from '@/features/graph/graph-store';
import { GraphSymbols } from '@/features/graph/graph-symbols';
import { revealing, startView } from '@/features/graph/graph-view';
import { Measured } from '@/features/graph/measured';
import { coveredBy } from '@/features/graph/minimap-store';
import { DIRECTIONS, neighbour } from '@/features/graph/neighbour';
import { goToOutline, useOutline } from '@/features/graph/outline-store';
import { SheetProvider, useNewSheet, useSheet } from '@/features/graph/sheet';
import { ZoomTools } from '@/features/graph/zoom-tools';
import { IconButton } from '@/ui/button';
import { statusWord } from '@/ui/status';

const Minimap = lazily(() => import('@/features/graph/minimap'), Infinity);
const Outline = lazily(() => import('@/features/graph/outline'));

const FIT = { padding: 0.06, maxZoom: 1 };

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

/** A selection made elsewhere (an event, an address, the outline) is brought into view. */
function useReveal(layout: GraphLayout, selected: string | null) {
  const sheet = useSheet();
  useEffect(() => {
    const placed = layout.states.find(({ name }) => name === selected);
    const { view, size } = sheet;
    if (!placed || size.width === 0) return;
    const next = revealing(view, size, [lookedAt(placed)], coveredBy(layout, view, size));
    if (!next) return;
    if (view.zoom >= FAR) sheet.show(next, glide());
    else {
      const { x, y, width, height } = lookedAt(placed);
      sheet.centre({ x: x + width / 2, y: y + height / 2 }, 0.8, glide());
    }
    // Panning away afterwards is the person's choice: only a new selection moves the view.
  }, [sheet, selected, layout]);
}

function Canvas({ layout, label, onInspect }: Props) {
  const sheet = useSheet();
  const far = useFar();
  const partly = usePartly(layout);
  const selected = useGraph((graph) => graph.selected);
  const select = useGraph((graph) => graph.select);
  const running = useGraph((graph) => graph.running);
  const status = useStateView(selected ?? '')?.status;
  const [following, setFollowing] = useState(true);

  // Asking for everything ends the following, or the next step would take it away again.
  const fit = useCallback(() => {
    setFollowing(false);
    sheet.fit({ ...FIT, ...glide() });
  }, [sheet]);
  useShortcut(isFit, fit);
  useReveal(layout, selected);
  useFollow(layout, following && selected === null);

  const zoom = (way: 'in' | 'out') => {
    setFollowing(false);
    if (way === 'in') sheet.zoomIn();
    else sheet.zoomOut();
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
    if (!(target instanceof HTMLElement) || !target.classList.contains('sheet')) return;
    const { scrollLeft, scrollTop } = target;
    if (scrollLeft === 0 && scrollTop === 0) return;
    target.scrollTo(0, 0);
    setFollowing(false);
    sheet.moveBy(-scrollLeft, -scrollTop);
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
      data-far={far}
      onKeyDown={press}
      onScrollCapture={scrolled}
    >
      <GraphSymbols layout={layout} />
      <CanvasSheet
        layout={layout}
        onMove={() => setFollowing(false)}
        onNodeClick={(_, node) => {
          if (node.type === 'card' || node.type === 'container') select(node.placed.name);
        }}
        onPaneClick={() => select(null)}
      />
      <ZoomTools
        onZoom={zoom}
        onFit={fit}
        partly={partly}
        after={
          running && (
            <IconButton
              label="Follow what runs"
              aria-pressed={following}
              onClick={() => setFollowing(!following)}
            >
              <LocateFixed />
            </IconButton>
          )
        }
      />
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

function Sized(props: Props) {
  const { layout } = props;
  const graph = useGraphStore();
  return (
    <Measured
      firstView={(size) => {
        const view = startView(layout, size);
        const { selected, running, states } = graph.getState();
        const covered = coveredBy(layout, view, size);
        const chosen = layout.states.filter(({ name }) => name === selected).map(lookedAt);
        const wrong = chosen.length === 0 && !running ? wentWrong(layout, { states }) : undefined;
        const there = wrong
          ? showing(wrong, view, size, covered)
          : revealing(view, size, chosen, covered);
        return there ?? view;
      }}
    >
      <Canvas {...props} />
    </Measured>
  );
}

/**
 * The graph of a definition, coloured by what the graph store says of each state, and beside it
 * the same as an outline.
 */
export const Graph = memo(function Graph(props: Props) {
  const open = useOutline((state) => state.open);
  const sheet = useNewSheet();
  useShortcut(isOutline, goToOutline);
  return (
    <SheetProvider value={sheet}>
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
        <Sized {...props} />
      </div>
    </SheetProvider>
  );
});
