import { useCallback, useRef, useState, type ReactNode } from 'react';

import type { Box } from '@/asl/layout/layered';

import type { Start } from './canvas-sheet';
import type { View } from './graph-view';

interface Props {
  /** The first view of a canvas of this size. */
  firstView: (size: Box) => View;
  children: (start: Start) => ReactNode;
}

/** A canvas once its size is known, so that its first frame is the right one. */
export function Measured({ firstView, children }: Props) {
  const [start, setStart] = useState<Start>();
  // Only the first view is asked for: later ones are the person's.
  const first = useRef(firstView);
  const measure = useCallback((box: HTMLDivElement | null) => {
    if (!box) return;
    const size = { width: box.clientWidth, height: box.clientHeight };
    setStart({ size, view: first.current(size) });
  }, []);
  return (
    <div className="graph" ref={measure}>
      {start && children(start)}
    </div>
  );
}
