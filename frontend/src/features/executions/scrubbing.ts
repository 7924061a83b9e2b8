/** Looking at an execution as it was after one of its events. */

import { useCallback, useEffect, useMemo, useState } from 'react';

import { useShortcut } from '@/app/shortcuts';
import { Checkpoints } from '@/history/checkpoints';
import type { HistoryEvent } from '@/history/event';
import { isTrouble } from '@/history/event-text';
import type { ExecutionModel } from '@/history/model';

/** The address follows when the hand rests: browsers refuse many changes of it a second. */
const REST_MS = 250;

export interface Scrubbing {
  /** The last event that is shown to have happened; null while the page shows all there are. */
  at: number | null;
  /** The model as of then. */
  model: ExecutionModel;
  /** The events up to then. */
  events: readonly HistoryEvent[];
  /** The time then, in milliseconds; null for the present. */
  clock: number | null;
  go: (at: number | null) => void;
}

const isBack = (event: KeyboardEvent) => event.key === '[';
const isForward = (event: KeyboardEvent) => event.key === ']';
const isBackToTrouble = (event: KeyboardEvent) => event.key === '{';
const isOnToTrouble = (event: KeyboardEvent) => event.key === '}';

/**
 * Keeps the place in a history. `asked` is what the address says; `remember` writes it there.
 * `complete` histories end: being at their last event is being in the present.
 */
export function useScrubbing(
  whole: ExecutionModel,
  all: readonly HistoryEvent[],
  complete: boolean,
  asked: number | undefined,
  remember: (at: number | null) => void,
): Scrubbing {
  const [checkpoints] = useState(() => new Checkpoints());
  const [place, setPlace] = useState<number | null>(asked ?? null);
  const last = all.length;
  const at = place === null || (complete && place >= last) ? null : Math.min(place, last);

  useEffect(() => {
    if ((asked ?? null) === at) return;
    const timer = setTimeout(() => remember(at), REST_MS);
    return () => clearTimeout(timer);
  }, [asked, at, remember]);

  const go = useCallback(
    (next: number | null) => setPlace(next === null ? null : Math.max(1, next)),
    [],
  );
  const step = useCallback(
    (by: number) => {
      const next = (at ?? last) + by;
      // Going on from the last event is coming back to the present.
      go(next > last || (complete && next === last) ? null : next);
    },
    [at, last, complete, go],
  );
  const seek = useCallback(
    (by: 1 | -1) => {
      for (let id = (at ?? last + 1) + by; id >= 1 && id <= last; id += by) {
        const event = all[id - 1];
        if (event && isTrouble(event.type)) {
          go(id);
          return;
        }
      }
    },
    [at, last, all, go],
  );
  useShortcut(
    isBack,
    useCallback(() => step(-1), [step]),
  );
  useShortcut(
    isForward,
    useCallback(() => at !== null && step(1), [at, step]),
  );
  useShortcut(
    isBackToTrouble,
    useCallback(() => seek(-1), [seek]),
  );
  useShortcut(
    isOnToTrouble,
    useCallback(() => seek(1), [seek]),
  );

  return useMemo(() => {
    if (at === null) return { at, model: whole, events: all, clock: null, go };
    const events = all.slice(0, at);
    const clock = (events.at(-1)?.timestamp ?? 0) * 1000;
    return { at, model: checkpoints.at(all, at), events, clock, go };
  }, [at, whole, all, checkpoints, go]);
}
