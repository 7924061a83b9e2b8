import { startTransition, useEffect, useState } from 'react';

/**
 * Whether what was shown first has been painted: what costs much to draw waits for that. A page in
 * the background is not painted, and waits until it is looked at.
 */
export function useAfterPaint(): boolean {
  const [painted, setPainted] = useState(false);
  useEffect(() => {
    let next: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      next = setTimeout(() => startTransition(() => setPainted(true)));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(next);
    };
  }, []);
  return painted;
}
