import { useDeferredValue, useMemo } from 'react';

import type { GraphLayout } from '@/asl/layout/graph-layout';
import type { Rect } from '@/asl/layout/layered';
import { usePaced } from '@/ui/paced';
import type { AnyStatus } from '@/ui/status';

import { useGraph, useStates } from './graph-store';

export interface Boxes {
  kind: 'container' | 'card';
  status: AnyStatus;
  /** Whether its states have errors, in a definition that is being written. */
  wrong: boolean;
  /** One path around all of them. */
  d: string;
}

/** A thousand boxes are one drawing, and drawn anew as one. */
const PACE_MS = 250;

const outline = ({ x, y, width, height }: Rect) => `M${x} ${y}h${width}v${height}h${-width}z`;

/**
 * All states as boxes, one path for each look: a thousand states cost as much as ten. Containers
 * come first, as the layout has them, so that what stands in them lies above them.
 */
export function useBoxes(layout: GraphLayout): Boxes[] {
  const states = usePaced(useStates(), PACE_MS);
  const notes = useDeferredValue(useGraph((graph) => graph.notes));
  return useMemo(() => {
    const found = new Map<string, Boxes>();
    for (const placed of layout.states) {
      const kind = placed.lanes.length > 0 ? 'container' : 'card';
      const status = states.get(placed.name)?.status ?? 'NOT_REACHED';
      const wrong = notes.get(placed.name)?.severity === 'ERROR';
      const key = `${kind} ${status} ${wrong}`;
      const same = found.get(key) ?? { kind, status, wrong, d: '' };
      found.set(key, { ...same, d: same.d + outline(placed) });
    }
    return [...found.values()].sort((a, b) => (a.kind < b.kind ? 1 : a.kind > b.kind ? -1 : 0));
  }, [layout, states, notes]);
}
