/**
 * What ran, as the rows of a tree: visits of states, inside a Parallel its branches, inside a Map
 * its iterations, and their visits again. Only what stands open is walked.
 */

import { BY_URGENCY, type ExecutionModel, type StateStatus, type Visit } from './model';

export interface TreeRow {
  /** The same for the same thing while a history grows. */
  key: string;
  /** A stay in a state, a Parallel's branch or a Map's iteration. */
  kind: 'visit' | 'branch' | 'item';
  /** The visit, or the one that contains the branch or iteration (a place in the model's list). */
  visit: number;
  /** The frame that a branch or iteration is; of a visit the frame it is in. */
  frame: number;
  name: string;
  status: StateStatus;
  startedAt: number;
  endedAt: number | null;
  /** From 1, as WAI-ARIA counts, and likewise the place among its siblings. */
  level: number;
  position: number;
  size: number;
  contains: boolean;
  open: boolean;
  /** Of a branch or iteration: it belongs to an attempt that was followed by another. */
  earlier: boolean;
}

/** In which order a Map's iterations come. */
export type ItemOrder = 'index' | 'status';

/** More iterations than this stay closed until they are asked for. */
const FEW = 12;

export const visitKey = (visit: Visit) => `v${visit.id}`;
const frameKey = (frame: number) => `f${frame}`;

/** Every frame of each visit, of former attempts too; a visit names those of the latest only. */
function framesByVisit(model: ExecutionModel): Map<number, number[]> {
  const all = new Map<number, number[]>();
  model.frames.forEach(({ visit }, frame) => {
    if (visit === null) return;
    const known = all.get(visit);
    if (known) known.push(frame);
    else all.set(visit, [frame]);
  });
  return all;
}

/** The keys of the rows around a visit, which must be open for it to be seen. */
export function rowsAround(model: ExecutionModel, place: number): string[] {
  const keys: string[] = [];
  let visit = model.visits[place];
  while (visit) {
    const frame = model.frames[visit.frame];
    const container = frame?.visit == null ? undefined : model.visits[frame.visit];
    if (!container) break;
    keys.push(frameKey(visit.frame), visitKey(container));
    visit = container;
  }
  return keys;
}

/**
 * The rows in sight. `opened` says what a person has opened or closed, by key; whatever it does not
 * mention is open where there is little inside.
 */
export function treeRows(
  model: ExecutionModel,
  opened: ReadonlyMap<string, boolean>,
  order: ItemOrder = 'index',
): TreeRow[] {
  const inside = framesByVisit(model);
  const rows: TreeRow[] = [];

  const walkFrame = (frame: number, level: number) => {
    const visits = model.frames[frame]?.visits ?? [];
    visits.forEach((place, nth) => {
      const visit = model.visits[place];
      if (!visit) return;
      const frames = inside.get(place) ?? [];
      const key = visitKey(visit);
      const few = visit.type !== 'Map' || frames.length <= FEW;
      const open = frames.length > 0 && (opened.get(key) ?? few);
      rows.push({
        key,
        kind: 'visit',
        visit: place,
        frame,
        name: visit.name,
        status: visit.status,
        startedAt: visit.enteredAt,
        endedAt: visit.exitedAt,
        level,
        position: nth + 1,
        size: visits.length,
        contains: frames.length > 0,
        open,
        earlier: false,
      });
      if (open) walkInside(place, visit, frames, level + 1);
    });
  };

  const walkInside = (place: number, visit: Visit, frames: number[], level: number) => {
    const current = new Set(visit.frames);
    sorted(frames).forEach((number, nth) => {
      const frame = model.frames[number];
      if (!frame) return;
      const key = frameKey(number);
      const open = frame.visits.length > 0 && (opened.get(key) ?? frames.length <= FEW);
      const first = model.visits[frame.visits[0] ?? -1]?.name ?? '';
      rows.push({
        key,
        kind: frame.index === null ? 'branch' : 'item',
        visit: place,
        frame: number,
        name: frame.index === null ? first : `Item ${frame.index}`,
        status: frame.status,
        startedAt: frame.startedAt,
        endedAt: frame.endedAt,
        level,
        position: nth + 1,
        size: frames.length,
        contains: frame.visits.length > 0,
        open,
        earlier: !current.has(number),
      });
      if (open) walkFrame(number, level + 1);
    });
  };

  /** As they began, or the troubled first. */
  const sorted = (frames: number[]) => {
    const rank = (frame: number) =>
      order === 'index' ? 0 : BY_URGENCY.indexOf(model.frames[frame]?.status ?? 'SUCCEEDED');
    const index = (frame: number) => model.frames[frame]?.index ?? 0;
    return [...frames].sort((a, b) => rank(a) - rank(b) || index(a) - index(b) || a - b);
  };

  walkFrame(0, 1);
  return rows;
}
