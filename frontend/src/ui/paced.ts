import { startTransition, useLayoutEffect, useRef, useState } from 'react';

const never = () => false;

/**
 * A value that may change with every frame, passed on so often and no oftener: what nobody can read
 * faster need not be drawn faster. The first change after a pause passes at once, the last one soon,
 * and one that `isSmall` beside what is shown whenever it comes.
 */
export function usePaced<T>(
  value: T,
  everyMs: number,
  isSmall: (shown: T, value: T) => boolean = never,
): T {
  const [shown, setShown] = useState(value);
  const passedAt = useRef(-Infinity);
  // Before the paint: a change that passes at once is painted with whatever else changed.
  useLayoutEffect(() => {
    if (Object.is(shown, value)) return;
    const pass = () => {
      passedAt.current = performance.now();
      setShown(() => value);
    };
    const wait = isSmall(shown, value) ? 0 : passedAt.current + everyMs - performance.now();
    if (wait <= 0) {
      pass();
      return;
    }
    // Of many changes it can wait for a moment in which nothing else is to be drawn.
    const timer = setTimeout(() => startTransition(pass), wait);
    return () => clearTimeout(timer);
  }, [value, shown, everyMs, isSmall]);
  return shown;
}
