/** The address's filter as the server is asked it. Pure. */

import type { ExecutionFilter, ListedStatus } from '@/api/executions';
import { SINCE, type ExecutionsSearch } from '@/app/search';

export const STATUSES: ListedStatus[] = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

/** `now` in milliseconds: a filter such as "the last hour" moves on with it. */
export function askedFor(search: ExecutionsSearch, now: number): ExecutionFilter {
  const { machine, status, since, after, before, name, version, alias, error, input } = search;
  const { paused, pausedBy } = search;
  const startedAfter =
    after ?? (since ? new Date(now - SINCE[since] * 60_000).toISOString() : undefined);
  return {
    ...(machine !== undefined && { stateMachine: machine }),
    ...(status && { status }),
    ...(startedAfter !== undefined && { startedAfter }),
    ...(before !== undefined && { startedBefore: before }),
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(alias !== undefined && { alias }),
    ...(error !== undefined && { error }),
    ...(input !== undefined && { input }),
    ...(paused && { paused }),
    ...(pausedBy !== undefined && { pausedBy }),
  };
}

type Part = keyof ExecutionsSearch;

function without(search: ExecutionsSearch, ...parts: Part[]): ExecutionsSearch {
  const left = Object.entries(search).filter(([name]) => !parts.includes(name as Part));
  return Object.fromEntries(left);
}

/** What is counted: all that the rest of the filter lets through, whatever its status. */
export const counted = (search: ExecutionsSearch) =>
  without(search, 'status', 'paused', 'pausedBy');

/** The filter with one part of it changed; undefined takes the part out. */
export const withPart = <K extends Part>(
  before: ExecutionsSearch,
  part: K,
  value: ExecutionsSearch[K] | undefined,
): ExecutionsSearch => ({
  ...without(before, part),
  ...(value !== undefined && { [part]: value }),
});

/** One more status, or one fewer. What is paused runs: a status takes the place of that. */
export function withStatus(before: ExecutionsSearch, status: ListedStatus): ExecutionsSearch {
  const known = before.status ?? [];
  const next = known.includes(status)
    ? known.filter((each) => each !== status)
    : STATUSES.filter((each) => each === status || known.includes(each));
  return withPart(
    without(before, 'paused', 'pausedBy'),
    'status',
    next.length > 0 ? next : undefined,
  );
}

/** Only what is paused, in place of the statuses; or everything again. */
export const withPaused = (before: ExecutionsSearch): ExecutionsSearch =>
  before.paused
    ? without(before, 'paused', 'pausedBy')
    : { ...without(before, 'status'), paused: true };

/** Whether there is anything to clear. */
export const isFiltered = (search: ExecutionsSearch) => Object.keys(search).length > 0;

/** A time as `<input type=datetime-local>` has it, in the person's own time zone, and back. */
export function localTime(iso: string | undefined): string {
  if (iso === undefined) return '';
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
export const isoTime = (local: string): string | undefined =>
  local === '' || Number.isNaN(Date.parse(local)) ? undefined : new Date(local).toISOString();
