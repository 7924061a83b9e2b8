/** The states of a graph as the rows of an outline: what stands inside a state follows it. */

import type { PlacedState } from '@/asl/layout/graph-layout';

export interface OutlineRow {
  placed: PlacedState;
  /** From 1, as WAI-ARIA counts. */
  level: number;
  position: number;
  size: number;
  /** The states around it, outermost first. */
  path: string[];
  /** The number of the branch that begins here, where there are several. */
  branch: number | null;
  contains: boolean;
}

/** Rows in the order in which the graph is read: branch by branch, from top to bottom. */
export function outlineOf(states: readonly PlacedState[]): OutlineRow[] {
  const inside = new Map<string | null, PlacedState[]>();
  for (const state of states) {
    const group = inside.get(state.container);
    if (group) group.push(state);
    else inside.set(state.container, [state]);
  }
  const rows: OutlineRow[] = [];
  const walk = (container: string | null, path: string[]) => {
    const group = (inside.get(container) ?? []).sort(
      (a, b) => a.branch - b.branch || a.y - b.y || a.x - b.x,
    );
    const several = (group.at(-1)?.branch ?? 0) > 0;
    group.forEach((placed, index) => {
      const begins = several && group[index - 1]?.branch !== placed.branch;
      rows.push({
        placed,
        level: path.length + 1,
        position: index + 1,
        size: group.length,
        path,
        branch: begins ? placed.branch + 1 : null,
        contains: inside.has(placed.name),
      });
      if (inside.has(placed.name)) walk(placed.name, [...path, placed.name]);
    });
  };
  walk(null, []);
  return rows;
}
