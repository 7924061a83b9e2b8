import type { Breakpoint, DebuggerView } from '@/api/debugger';
import type { ExecutionSummary, Paused } from '@/api/executions';
import type { DebugMark } from '@/features/graph/graph-store';
import type { StateView } from '@/history/view';

type Place = Pick<Breakpoint, 'state' | 'where' | 'condition'>;

/** What each state's card shows of breakpoints and pauses. */
export function marksOf(
  breakpoints: readonly Place[],
  paused: readonly Pick<Paused, 'state' | 'where'>[],
): ReadonlyMap<string, DebugMark> {
  const marks = new Map<string, DebugMark>();
  const markOf = (state: string) => {
    const known = marks.get(state);
    if (known) return known;
    const made: DebugMark = { before: null, after: null, pausedBefore: 0, pausedAfter: 0 };
    marks.set(state, made);
    return made;
  };
  for (const { state, where, condition } of breakpoints) {
    markOf(state)[where] = condition ? 'conditional' : 'set';
  }
  for (const { state, where } of paused) {
    markOf(state)[where === 'before' ? 'pausedBefore' : 'pausedAfter'] += 1;
  }
  return marks;
}

/** "Pack, item 2 of Ship": where a branch is, in words. */
export function placeOf({ state, path }: Pick<Paused, 'state' | 'path'>): string {
  const around = path.map((each) => `${each.index} of ${each.state}`);
  return [state, ...around].join(', ');
}

/** Changes whenever a state begins to wait for something else: another visit, attempt or delay. */
export function newsOf(view: StateView | undefined): string {
  if (!view) return '';
  return `${view.name} ${view.visits.length} ${view.status} ${view.retries} ${view.retrying.length}`;
}

/** What the badge says: as the debugger sees it, or as the execution was fetched. */
export function pausedOf(
  view: DebuggerView | undefined,
  fetched: ExecutionSummary['paused'],
): ExecutionSummary['paused'] {
  if (!view) return fetched;
  const [first] = view.paused;
  return first
    ? { since: first.since, by: first.by, state: first.state, branches: view.paused.length }
    : null;
}
