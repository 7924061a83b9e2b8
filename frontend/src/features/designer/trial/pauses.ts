/** Where a run of the draft stops at a breakpoint: the run is over, and is shown as far as there. */

import type { Breakpoint } from '@/api/debugger';
import type { HistoryEvent } from '@/history/event';

export interface Pause {
  /** How many events are shown. */
  shown: number;
  state: string;
  where: 'before' | 'after';
}

/**
 * The first breakpoint after the first `from` events, or null where the run comes to its end. A
 * condition is not looked at: only executions evaluate it, here it pauses always.
 */
export function nextPause(
  events: readonly HistoryEvent[],
  breakpoints: readonly Pick<Breakpoint, 'state' | 'where'>[],
  from: number,
): Pause | null {
  for (let index = from; index < events.length; index += 1) {
    const event = events[index];
    const entered = event?.stateEnteredEventDetails?.name;
    const exited = event?.stateExitedEventDetails?.name;
    const state = entered ?? exited;
    if (state === undefined) continue;
    const where = entered === undefined ? 'after' : 'before';
    if (breakpoints.some((each) => each.state === state && each.where === where)) {
      return { shown: index + 1, state, where };
    }
  }
  return null;
}

/** The state of a place: "Pay" of "Pay[2]". */
export const stateOfPlace = (place: string) => place.replace(/(\[\d+\])+$/, '');
