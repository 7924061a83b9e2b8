/** Drags, wheels and pinches that move a sheet. */

import { useEffect, useRef, type RefObject } from 'react';

import type { Point } from '@/asl/layout/layered';

import type { Sheet } from './sheet';
import { wheelFactor } from './sheet-view';

/** A press that moves less than this is a click, in pixels. */
const SLACK = 2;

interface Options {
  /** The person, and not the page, begins to move the view. */
  onMove: (() => void) | undefined;
  /** Whether a press on this moves the sheet; something else may be done with it. */
  moves: ((target: EventTarget | null) => boolean) | undefined;
}

const pointOf = ({ clientX: x, clientY: y }: MouseEvent): Point => ({ x, y });

/** The click at the end of a movement is none. */
function swallowClick() {
  const swallow = (event: MouseEvent) => event.stopPropagation();
  window.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }));
}

/** Moves the sheet by what is done in its element; `cover` is shown above all while it is dragged. */
export function useGestures(
  element: RefObject<HTMLElement | null>,
  cover: RefObject<HTMLElement | null>,
  sheet: Sheet,
  options: Options,
) {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    /** The pointers that are down, and where each was last. */
    const held = new Map<number, Point>();
    let from: Point = { x: 0, y: 0 };
    let moving = false;

    const listen = (how: 'addEventListener' | 'removeEventListener') => {
      window[how]('pointermove', move as EventListener);
      window[how]('pointerup', lift as EventListener);
      window[how]('pointercancel', lift as EventListener);
    };
    const show = (dragged: boolean) => {
      moving = dragged;
      if (cover.current) cover.current.hidden = !dragged;
    };
    const down = (event: PointerEvent) => {
      const { target, button, ctrlKey, pointerId, pointerType } = event;
      if (button > 1 || (ctrlKey && pointerType === 'mouse')) return;
      if (target instanceof Element && target.closest('.nopan')) return;
      // A second finger pinches, whatever it comes down on.
      if (held.size === 0 && latest.current.moves?.(target) === false) return;
      if (held.size === 0) {
        from = pointOf(event);
        listen('addEventListener');
      }
      held.set(pointerId, pointOf(event));
    };
    const move = (event: PointerEvent) => {
      const before = held.get(event.pointerId);
      if (!before) return;
      const now = pointOf(event);
      if (!moving) {
        if (held.size === 1 && Math.hypot(now.x - from.x, now.y - from.y) < SLACK) return;
        show(true);
        latest.current.onMove?.();
      }
      const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
      held.set(event.pointerId, now);
      if (other) sheet.pinch([before, other], [now, other]);
      else sheet.moveBy(now.x - before.x, now.y - before.y);
    };
    const lift = ({ pointerId }: PointerEvent) => {
      if (!held.delete(pointerId) || held.size > 0) return;
      listen('removeEventListener');
      if (moving) swallowClick();
      show(false);
    };
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      latest.current.onMove?.();
      sheet.zoomBy(wheelFactor(event), pointOf(event));
    };
    box.addEventListener('pointerdown', down);
    box.addEventListener('wheel', wheel, { passive: false });
    return () => {
      box.removeEventListener('pointerdown', down);
      box.removeEventListener('wheel', wheel);
      listen('removeEventListener');
    };
  }, [element, cover, sheet]);
}
