import { useCallback, useRef, useState, type ReactNode } from 'react';

import type { Box } from '@/asl/layout/layered';

import type { View } from './graph-view';
import { useSheet } from './sheet';

interface Props {
  /** The first view of a canvas of this size. */
  firstView: (size: Box) => View;
  children: ReactNode;
}

/** A canvas once its size is known, so that its first frame is the right one. */
export function Measured({ firstView, children }: Props) {
  const sheet = useSheet();
  const [ready, setReady] = useState(false);
  // Only the first view is asked for: later ones are the person's.
  const first = useRef(firstView);
  const measure = useCallback(
    (box: HTMLDivElement | null) => {
      if (!box) return;
      const size = { width: box.clientWidth, height: box.clientHeight };
      sheet.store.setState({ ...size, view: first.current(size) });
      setReady(true);
    },
    [sheet],
  );
  return (
    <div className="graph" ref={measure}>
      {ready && children}
    </div>
  );
}
