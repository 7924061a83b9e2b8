import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

import './split.css';

/** Sizes of panels in pixels, remembered by name across visits. */
const useSizes = create<{
  sizes: Record<string, number>;
  resize: (name: string, size: number) => void;
}>()(
  persist(
    (set) => ({
      sizes: {},
      resize: (name, size) => set(({ sizes }) => ({ sizes: { ...sizes, [name]: size } })),
    }),
    { name: 'stepwell.panels' },
  ),
);

interface Props {
  /** Under which the size is remembered. */
  name: string;
  /** `vertical` puts the panel on the right, `horizontal` below. */
  divider: 'vertical' | 'horizontal';
  initial: number;
  least: number;
  most: number;
  label: string;
  main: ReactNode;
  panel: ReactNode;
}

const STEP = 24;

/** Two areas with a divider that can be dragged, or moved with the arrow keys. */
export function Split({ name, divider, initial, least, most, label, main, panel }: Props) {
  const size = useSizes((state) => state.sizes[name] ?? initial);
  const resize = useSizes((state) => state.resize);
  const from = useRef({ at: 0, size: 0 });
  const sideways = divider === 'vertical';
  const set = (next: number) => resize(name, Math.round(Math.min(most, Math.max(least, next))));

  const at = (event: PointerEvent) => (sideways ? event.clientX : event.clientY);
  const down = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { at: at(event), size };
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    set(from.current.size + from.current.at - at(event));
  };
  const key = (event: KeyboardEvent) => {
    const grow = sideways ? 'ArrowLeft' : 'ArrowUp';
    const shrink = sideways ? 'ArrowRight' : 'ArrowDown';
    if (event.key === grow) set(size + STEP);
    else if (event.key === shrink) set(size - STEP);
    else if (event.key === 'Home') set(initial);
    else return;
    event.preventDefault();
  };

  return (
    <div className={`split split-${divider}`}>
      <div className="split-main">{main}</div>
      {/* A separator that can be focused is a widget (WAI-ARIA window splitter). */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        className="split-divider"
        role="separator"
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={label}
        aria-orientation={divider}
        aria-valuenow={size}
        aria-valuemin={least}
        aria-valuemax={most}
        onPointerDown={down}
        onPointerMove={move}
        onDoubleClick={() => set(initial)}
        onKeyDown={key}
      />
      <div className="split-panel" style={sideways ? { width: size } : { height: size }}>
        {panel}
      </div>
    </div>
  );
}
