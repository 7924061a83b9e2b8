/** The tree of what ran, with what a person has opened in it and where they are. */

import { useCallback, useMemo, useState, type KeyboardEvent } from 'react';

import type { ExecutionModel, Visit } from '@/history/model';
import { rowsAround, treeRows, visitKey, type ItemOrder, type TreeRow } from '@/history/tree';

export interface Tree {
  rows: TreeRow[];
  /** The row that keys act on; -1 for none. */
  cursor: number;
  toggle: (row: TreeRow) => void;
  moveTo: (row: TreeRow) => void;
  press: (event: KeyboardEvent) => void;
}

interface Options {
  model: ExecutionModel;
  /** The visit that is selected on the page (a place in the model's list), or -1. */
  selected: number;
  order: ItemOrder;
  onVisit: (visit: Visit) => void;
  /** An iteration of a Map was gone to. */
  onItem: (map: Visit, index: number) => void;
  onInspect: () => void;
}

const PAGE = 12;

/** The rows, those as they were that say the same: what draws them can pass them over. */
function useKept(rows: TreeRow[]): TreeRow[] {
  const [kept, setKept] = useState({ from: rows, rows });
  if (kept.from === rows) return kept.rows;
  const known = new Map(kept.rows.map((row) => [row.key, row]));
  const next = rows.map((row) => {
    const before = known.get(row.key);
    return before && isSame(before, row) ? before : row;
  });
  setKept({ from: rows, rows: next });
  return next;
}

const isSame = (a: TreeRow, b: TreeRow) =>
  (Object.keys(b) as (keyof TreeRow)[]).every((key) => a[key] === b[key]);

export function useTree({ model, selected, order, onVisit, onItem, onInspect }: Options): Tree {
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [here, setHere] = useState<string | null>(null);
  const chosen = model.visits[selected];
  const chosenKey = chosen ? visitKey(chosen) : null;
  const [revealed, setRevealed] = useState<string | null>(null);

  // A selection made elsewhere opens what it stands in, once; closing it again is the person's.
  if (chosenKey !== revealed) {
    setRevealed(chosenKey);
    if (chosenKey !== null) {
      const around = rowsAround(model, selected);
      setOpened(new Map([...opened, ...around.map((key) => [key, true] as const)]));
      setHere(chosenKey);
    }
  }

  const rows = useKept(useMemo(() => treeRows(model, opened, order), [model, opened, order]));
  const cursor = useMemo(() => rows.findIndex(({ key }) => key === here), [rows, here]);

  const toggle = useCallback((row: TreeRow) => {
    if (!row.contains) return;
    setOpened((before) => new Map([...before, [row.key, !row.open]]));
  }, []);
  const moveTo = useCallback(
    (row: TreeRow) => {
      setHere(row.key);
      const visit = model.visits[row.visit];
      if (!visit) return;
      const index = row.kind === 'item' ? model.frames[row.frame]?.index : undefined;
      if (row.kind === 'visit') onVisit(visit);
      else if (index != null) onItem(visit, index);
    },
    [model, onVisit, onItem],
  );

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[cursor];
    const go = (index: number) => {
      const next = rows[Math.max(0, Math.min(rows.length - 1, index))];
      if (next) moveTo(next);
    };
    if (event.key === 'ArrowDown') go(cursor + 1);
    else if (event.key === 'ArrowUp') go(cursor < 0 ? 0 : cursor - 1);
    else if (event.key === 'PageDown') go(cursor + PAGE);
    else if (event.key === 'PageUp') go(cursor - PAGE);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(rows.length - 1);
    else if (event.key === 'ArrowRight') {
      if (row?.contains && !row.open) toggle(row);
      else if (row?.contains) go(cursor + 1);
    } else if (event.key === 'ArrowLeft') {
      if (row?.open) toggle(row);
      else if (row) {
        for (let at = cursor - 1; at >= 0; at--) {
          if ((rows[at]?.level ?? 0) < row.level) {
            go(at);
            break;
          }
        }
      }
    } else if (event.key === 'Enter') {
      if (row?.kind === 'visit') onInspect();
      else if (row) toggle(row);
    } else return;
    event.preventDefault();
  };

  return { rows, cursor, toggle, moveTo, press };
}
