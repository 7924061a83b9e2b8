import { useCallback, type PointerEvent } from 'react';

import { useEditorStore, type Dragged } from '../editor-store';

/** A press becomes a drag once it has moved this far, in pixels. */
const SLACK = 5;

/** Begins a drag where a press moves; a press that stays is a click. */
export function useDrag() {
  const editor = useEditorStore();
  return useCallback(
    (event: PointerEvent, dragged: () => Dragged) => {
      if (event.button !== 0 || !event.isPrimary) return;
      const from = { x: event.clientX, y: event.clientY };
      const stop = () => {
        window.removeEventListener('pointermove', move);
        window.removeEventListener('pointerup', stop);
      };
      const move = ({ clientX, clientY }: globalThis.PointerEvent) => {
        if (Math.hypot(clientX - from.x, clientY - from.y) < SLACK) return;
        stop();
        editor.setState({ dragged: dragged() });
      };
      window.addEventListener('pointermove', move);
      window.addEventListener('pointerup', stop);
    },
    [editor],
  );
}
