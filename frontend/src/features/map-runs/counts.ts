/** The counts of a Map Run as a bar and its legend. Pure. */

import type { ListedStatus } from '@/api/executions';
import type { MapRunCounts } from '@/api/map-runs';
import type { AnyStatus } from '@/ui/status';

export interface Share {
  status: AnyStatus;
  /** By which children can be listed; null where none can. */
  filter: ListedStatus | null;
  word: string;
  count: number;
}

/** Every status that has a count, ended ones first; pending last. */
export function sharesOf(counts: MapRunCounts): Share[] {
  const shares: Share[] = [
    { status: 'SUCCEEDED', filter: 'SUCCEEDED', word: 'Succeeded', count: counts.succeeded },
    { status: 'FAILED', filter: 'FAILED', word: 'Failed', count: counts.failed },
    { status: 'TIMED_OUT', filter: 'TIMED_OUT', word: 'Timed out', count: counts.timedOut },
    { status: 'ABORTED', filter: 'ABORTED', word: 'Aborted', count: counts.aborted },
    { status: 'RUNNING', filter: 'RUNNING', word: 'Running', count: counts.running },
    {
      status: 'PENDING_REDRIVE',
      filter: null,
      word: 'Pending redrive',
      count: counts.pendingRedrive,
    },
    { status: 'NOT_REACHED', filter: null, word: 'Pending', count: counts.pending },
  ];
  return shares;
}

/** The width of a share in percent; one that is there at all is at least to be seen. */
export const widthOf = (count: number, total: number) =>
  count === 0 || total === 0 ? 0 : Math.max(0.5, (count / total) * 100);

/** Which share of the children has failed so far, in percent. */
export function failedPercentage({ failed, timedOut, aborted, total }: MapRunCounts): number {
  return total === 0 ? 0 : ((failed + timedOut + aborted) / total) * 100;
}
