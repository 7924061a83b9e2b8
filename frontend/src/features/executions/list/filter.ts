/** The address's filter as the server is asked it. Pure. */

import type { ExecutionFilter } from '@/api/client';
import { SINCE, type ExecutionsSearch } from '@/app/search';

/** `now` in milliseconds: a filter such as "the last hour" moves on with it. */
export function askedFor(search: ExecutionsSearch, now: number): ExecutionFilter {
  const { machine, status, since, after, before, name, version, alias, error, input } = search;
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
  };
}

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
