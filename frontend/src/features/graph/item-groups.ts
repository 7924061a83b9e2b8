/** A Map's iterations as a list to choose from: by status, the troubled first. Pure. */

import { BY_URGENCY, type StateStatus } from '@/history/model';
import type { Iteration } from '@/history/view';

export type ItemRow =
  | { kind: 'heading'; status: StateStatus; count: number }
  | { kind: 'item'; index: number; status: StateStatus };

/** Headings with their items below them. A search finds items by the digits they begin with. */
export function itemRows(iterations: readonly Iteration[], search = ''): ItemRow[] {
  const wanted = search.trim();
  const groups = new Map<StateStatus, Iteration[]>();
  for (const each of iterations) {
    if (!String(each.index).startsWith(wanted)) continue;
    const group = groups.get(each.status);
    if (group) group.push(each);
    else groups.set(each.status, [each]);
  }
  return BY_URGENCY.flatMap((status): ItemRow[] => {
    const group = groups.get(status);
    if (!group) return [];
    group.sort((a, b) => a.index - b.index);
    return [
      { kind: 'heading', status, count: group.length },
      ...group.map(({ index }): ItemRow => ({ kind: 'item', index, status })),
    ];
  });
}
