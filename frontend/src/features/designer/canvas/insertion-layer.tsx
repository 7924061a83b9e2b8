import { useEffect, useState, type RefObject } from 'react';

import { insertAt, moveStates, type Spot } from '@/asl/edit';
import { useInView, useSheet, useSheetState } from '@/features/graph/sheet';

import { useEditor, useEditorStore, type Dragged } from '../editor-store';
import { Greeting } from './greeting';
import { nearest, type PlacedSpot } from './spots';

/** Below this zoom a "+" is too small to be hit. */
const FAR = 0.45;

/** What is to be read on an empty place; its name begins with it, as who speaks to the page says it. */
const hintOf = ({ scope }: Spot) =>
  scope.container === null ? 'Drop a state here, or choose one' : 'Drop here';

/** A "+" on every edge in view. Those around the selected state can be reached with Tab. */
export function InsertionLayer({ spots }: { spots: PlacedSpot[] }) {
  const editor = useEditorStore();
  const selected = useEditor(({ document }) => document.selected);
  const landing = useEditor((state) => state.landing);
  const dragging = useEditor((state) => state.dragged !== null);
  const far = useSheetState(({ view }) => view.zoom < FAR);
  const { x: left, y: top, width, height } = useInView();
  const inView = spots.filter(
    ({ x, y, empty }) =>
      x >= left &&
      x <= left + width &&
      y >= top &&
      y <= top + height &&
      (!far || dragging || empty),
  );
  const line = landing && spots.find(({ spot }) => spot === landing);
  return (
    <div className="insertion-layer" data-dragging={dragging || undefined}>
      {inView.map(({ id, x, y, empty, label, spot }) => (
        <button
          key={id}
          type="button"
          className={empty ? 'spot spot-empty' : 'spot'}
          style={{ left: x, top: y }}
          aria-label={empty ? `${hintOf(spot)}: insert ${label}` : `Insert ${label}`}
          title={`Insert ${label}`}
          data-testid="spot"
          data-from={spot.from ?? ''}
          data-to={spot.to ?? ''}
          data-kind={spot.kind}
          tabIndex={
            empty || selected.some((name) => name === spot.from || name === spot.to) ? 0 : -1
          }
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            editor.setState({
              insertMenu: {
                at: { x: box.right + 6, y: box.top - 8 },
                title: `Insert ${label}`,
                command: (piece) => insertAt(spot, piece),
              },
            });
          }}
        >
          <span aria-hidden="true">+</span>
          {empty && <span className="spot-hint">{hintOf(spot)}</span>}
        </button>
      ))}
      <Greeting />
      {line && (
        <div className="landing-line" style={{ left: line.x, top: line.y }} aria-hidden="true" />
      )}
    </div>
  );
}

const labelOf = (dragged: Dragged) =>
  dragged.kind === 'new'
    ? dragged.label
    : dragged.names.length === 1
      ? (dragged.names[0] ?? '')
      : `${dragged.names.length} states`;

/** While something is dragged: its ghost at the pointer, and the drop. */
export function DragLayer({
  spots,
  canvas,
}: {
  spots: PlacedSpot[];
  canvas: RefObject<HTMLElement | null>;
}) {
  const sheet = useSheet();
  const editor = useEditorStore();
  const dragged = useEditor((state) => state.dragged);
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  useEffect(() => {
    if (!dragged) return;
    const end = () => {
      setAt(null);
      editor.setState({ dragged: null, landing: null });
    };
    const move = ({ clientX: x, clientY: y }: PointerEvent) => {
      setAt({ x, y });
      const box = canvas.current?.getBoundingClientRect();
      const over = box && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
      const spot = over ? nearest(spots, sheet.toGraph({ x, y })) : null;
      editor.setState({ landing: spot?.spot ?? null });
    };
    const drop = () => {
      const { landing, apply } = editor.getState();
      if (landing) {
        if (dragged.kind === 'new') apply(insertAt(landing, dragged.fragment()), 'Insert');
        else apply(moveStates(dragged.names, landing), 'Move');
      }
      end();
    };
    const escape = (event: KeyboardEvent) => event.key === 'Escape' && end();
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', drop);
    window.addEventListener('pointercancel', end);
    window.addEventListener('keydown', escape);
    return () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', drop);
      window.removeEventListener('pointercancel', end);
      window.removeEventListener('keydown', escape);
    };
  }, [dragged, editor, sheet, spots, canvas]);
  if (!dragged || !at) return null;
  return (
    <div className="drag-ghost" style={{ left: at.x + 10, top: at.y + 8 }} aria-hidden="true">
      {labelOf(dragged)}
    </div>
  );
}
