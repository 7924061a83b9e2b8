import './canvas.css';

import { Ellipsis, Redo2, Undo2 } from 'lucide-react';
import {
  Suspense,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  type KeyboardEvent,
  type MouseEvent,
} from 'react';

import type { GraphLayout, PlacedState } from '@/asl/layout/graph-layout';
import { lazily } from '@/app/lazily';
import { isTyping } from '@/app/shortcuts';
import { CanvasSheet, useFar, usePartly } from '@/features/graph/canvas-sheet';
import { glide, lookedAt } from '@/features/graph/follow';
import { GraphSymbols } from '@/features/graph/graph-symbols';
import { useHeaderInset } from '@/features/graph/header-inset';
import { revealing, startView } from '@/features/graph/graph-view';
import { Measured } from '@/features/graph/measured';
import { coveredBy } from '@/features/graph/minimap-store';
import { DIRECTIONS, neighbour } from '@/features/graph/neighbour';
import { useSheet } from '@/features/graph/sheet';
import { ZoomTools } from '@/features/graph/zoom-tools';
import { IconButton } from '@/ui/button';

import { useEditor, useEditorStore } from '../editor-store';
import type { PaletteItem } from '../palette/items';
import { InsertMenu } from './insert-menu';
import { DragLayer, InsertionLayer } from './insertion-layer';
import { shiftBetween } from './anchor';
import { spotsOf } from './spots';
import { stateActions } from './state-actions';
import { useDrag } from './use-drag';

const Minimap = lazily(() => import('@/features/graph/minimap'), Infinity);
const StateMenu = lazily(() => import('./state-menu'));

const FIT = { padding: 0.08, maxZoom: 1 };

interface Props {
  layout: GraphLayout;
  items: readonly PaletteItem[];
  label: string;
  onInspect: () => void;
  onRename: () => void;
}

/** The name of the state whose card or header this element belongs to. */
function cardOf(target: EventTarget | null): string | null {
  if (!(target instanceof Element)) return null;
  const handle = target.closest('.card, .container-header');
  return handle?.closest<HTMLElement>('[data-state-name]')?.dataset.stateName ?? null;
}

/** The "⋯" at the corner of the selected card. */
function SelectedMenu({ layout }: { layout: GraphLayout }) {
  const selected = useEditor(({ document }) => document.selected.at(-1));
  const placed = layout.states.find(({ name }) => name === selected);
  return placed && <CardMenuButton placed={placed} />;
}

function CardMenuButton({ placed }: { placed: PlacedState }) {
  const editor = useEditorStore();
  const { end } = useHeaderInset(placed);
  return (
    <button
      type="button"
      className="card-menu-button"
      style={{ left: placed.x + placed.width - end, top: placed.y }}
      aria-label={`Menu of ${placed.name}`}
      title="Menu (m)"
      data-testid="state-menu-button"
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        editor.setState({
          stateMenu: { name: placed.name, at: { x: box.left, y: box.bottom + 4 } },
        });
      }}
    >
      <Ellipsis aria-hidden="true" />
    </button>
  );
}

function Canvas({ layout, items, label, onInspect, onRename }: Props) {
  const spots = useMemo(() => spotsOf(layout), [layout]);
  const editor = useEditorStore();
  const actions = useMemo(() => stateActions(editor), [editor]);
  const sheet = useSheet();
  const canvas = useRef<HTMLDivElement>(null);
  const drag = useDrag();
  const far = useFar();
  const partly = usePartly(layout);
  const selected = useEditor(({ document }) => document.selected);
  const undoable = useEditor(({ document }) => document.past.length > 0);
  const redoable = useEditor(({ document }) => document.future.length > 0);
  const locked = useEditor((state) => state.locked !== null);
  const menuOpen = useEditor(({ stateMenu }) => stateMenu !== null);
  const last = selected.at(-1) ?? null;

  // What stood on the screen stays there, whatever the layout around it becomes; where nothing of it
  // is left, another workflow has come, which is shown from its start.
  const laidOut = useRef(layout);
  useLayoutEffect(() => {
    const before = laidOut.current;
    laidOut.current = layout;
    if (before === layout) return;
    const move = shiftBetween(before, layout, last);
    const { size, view } = sheet;
    if (move) {
      if (move.x !== 0 || move.y !== 0) sheet.moveBy(-move.x * view.zoom, -move.y * view.zoom);
      return;
    }
    // A first state comes to where it was dropped.
    const isFirst = before.states.length === 0 && layout.states.length === 1;
    if (!isFirst && size.width > 0) sheet.show(startView(layout, size));
  }, [sheet, layout, last]);

  const fit = useCallback(() => sheet.fit({ ...FIT, ...glide() }), [sheet]);
  useEffect(() => {
    const placed = layout.states.find(({ name }) => name === last);
    const { view, size } = sheet;
    if (!placed || size.width === 0) return;
    const covered = coveredBy(layout, view, size);
    const next = revealing(view, size, [lookedAt(placed)], covered, 'least');
    if (next) sheet.show(next, glide());
  }, [sheet, last, layout]);

  /** Where a menu opens that no pointer asked for: beside the selected card. */
  const beside = () => {
    const placed = layout.states.find(({ name }) => name === last);
    const box = canvas.current?.getBoundingClientRect();
    if (!placed) return { x: (box?.left ?? 0) + 80, y: (box?.top ?? 0) + 80 };
    const { x, y } = sheet.toWindow({ x: placed.x + placed.width, y: placed.y });
    return { x: x + 8, y };
  };
  const select = (names: string[]) => editor.getState().select(names);

  const commands: Record<string, (() => unknown) | undefined> = {
    'ctrl+z': () => editor.getState().undo(),
    'ctrl+shift+z': () => editor.getState().redo(),
    'ctrl+y': () => editor.getState().redo(),
    'ctrl+d': actions.duplicate,
    'ctrl+c': actions.copy,
    'ctrl+x': () => actions.copy() && actions.remove(),
    'ctrl+v': actions.paste,
    'ctrl+a': actions.selectAll,
    delete: actions.remove,
    backspace: actions.remove,
    escape: () => select([]),
    '0': fit,
    'alt+c': fit,
    '+': sheet.zoomIn,
    '=': sheet.zoomIn,
    '-': sheet.zoomOut,
    enter: last === null ? undefined : onInspect,
    f2: last === null ? undefined : onRename,
    a: () =>
      last === null ? actions.insertSomewhere(beside()) : actions.insertAfter(last, beside()),
    b: () => last !== null && actions.insertBefore(last, beside()),
    i: () => last !== null && actions.insertInto(last, beside()),
    c: () => last !== null && editor.getState().toggleCollapsed(last),
    m: () => last !== null && editor.setState({ stateMenu: { name: last, at: beside() } }),
    contextmenu: () =>
      last !== null && editor.setState({ stateMenu: { name: last, at: beside() } }),
    'shift+f10': () =>
      last !== null && editor.setState({ stateMenu: { name: last, at: beside() } }),
    'alt+arrowup': () => last !== null && actions.shift(last, 'up'),
    'alt+arrowdown': () => last !== null && actions.shift(last, 'down'),
  };
  const press = (event: KeyboardEvent) => {
    if (isTyping(event.nativeEvent) || event.target instanceof HTMLButtonElement) {
      const moves = event.ctrlKey || event.metaKey;
      if (!moves || isTyping(event.nativeEvent)) return;
    }
    const control = event.ctrlKey || event.metaKey;
    const shift = event.shiftKey && (control || event.key === 'F10');
    const name = `${control ? 'ctrl+' : ''}${event.altKey ? 'alt+' : ''}${shift ? 'shift+' : ''}${event.key.toLowerCase()}`;
    const direction = DIRECTIONS[event.key];
    const command = commands[name];
    if (command) command();
    else if (direction && !control && !event.altKey) {
      const next = neighbour(layout.states, last, direction);
      if (next !== null)
        select(event.shiftKey ? [...selected.filter((n) => n !== next), next] : [next]);
    } else return;
    event.preventDefault();
  };

  const clicked = (event: MouseEvent, name: string) => {
    const several = event.shiftKey || event.ctrlKey || event.metaKey;
    if (!several) select([name]);
    else if (selected.includes(name)) select(selected.filter((each) => each !== name));
    else select([...selected, name]);
  };

  return (
    // The canvas is one composite widget with one tab stop; arrow keys move inside it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="graph-canvas designer-canvas"
      role="application"
      aria-label={`${label}. Arrow keys move between states, a inserts after, m opens the menu, Enter inspects.`}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      ref={canvas}
      data-testid="graph"
      data-far={far}
      onKeyDown={press}
      onPointerDown={(event) => {
        const name = cardOf(event.target);
        if (name === null || locked) return;
        drag(event, () => ({
          kind: 'move',
          names: selected.includes(name) ? [...selected] : [name],
        }));
      }}
      onContextMenu={(event) => {
        const name = cardOf(event.target);
        if (name === null || locked) return;
        event.preventDefault();
        if (!selected.includes(name)) select([name]);
        editor.setState({ stateMenu: { name, at: { x: event.clientX, y: event.clientY } } });
      }}
    >
      <GraphSymbols layout={layout} />
      <CanvasSheet
        layout={layout}
        // A press on a card drags the card, not the view.
        moves={(target) => cardOf(target) === null}
        onNodeClick={(event, node) => {
          const name = cardOf(event.target);
          if (name !== null && node.type !== 'label') clicked(event, name);
        }}
        onPaneClick={() => select([])}
      >
        {!locked && <InsertionLayer spots={spots} />}
        {!locked && <SelectedMenu layout={layout} />}
      </CanvasSheet>
      <DragLayer spots={spots} canvas={canvas} />
      <InsertMenu items={items} />
      {menuOpen && (
        <Suspense>
          <StateMenu actions={actions} onRename={onRename} />
        </Suspense>
      )}
      <ZoomTools
        onZoom={(way) => (way === 'in' ? sheet.zoomIn() : sheet.zoomOut())}
        onFit={fit}
        partly={partly && layout.states.length > 0}
        before={
          <>
            <IconButton
              label="Undo (Ctrl+Z)"
              disabled={!undoable}
              onClick={() => editor.getState().undo()}
            >
              <Undo2 />
            </IconButton>
            <IconButton
              label="Redo (Ctrl+Shift+Z)"
              disabled={!redoable}
              onClick={() => editor.getState().redo()}
            >
              <Redo2 />
            </IconButton>
          </>
        }
      />
      {partly && layout.states.length > 0 && (
        <Suspense>
          <Minimap layout={layout} />
        </Suspense>
      )}
      <p className="visually-hidden" aria-live="polite">
        {selected.join(', ')}
      </p>
    </div>
  );
}

/** The canvas of the designer; empty it begins a third down, where the first state will be. */
export function DesignerCanvas(props: Props) {
  const { layout } = props;
  return (
    <Measured
      firstView={(size) =>
        layout.states.length === 0
          ? { x: size.width / 2 - 112, y: size.height * 0.3, zoom: 1 }
          : startView(layout, size)
      }
    >
      <Canvas {...props} />
    </Measured>
  );
}
