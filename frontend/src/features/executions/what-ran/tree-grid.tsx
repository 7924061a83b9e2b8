import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo, useEffect, useId, type KeyboardEvent, type ReactNode, type Ref } from 'react';

import type { State } from '@/asl/definition';
import type { TreeRow } from '@/history/tree';
import { StatusGlyph } from '@/ui/status';

import { StateIcon } from '@/features/graph/state-icons';
import type { Tree } from './use-tree';
import './tree-grid.css';

export const ROW = 28;

/** The first cell of every row: how deep it stands, whether it is open, what it is. */
export const NameCell = memo(function NameCell({
  row,
  state,
  onToggle,
}: {
  row: TreeRow;
  state: State | undefined;
  onToggle: (row: TreeRow) => void;
}) {
  return (
    <span
      role="gridcell"
      className="tree-name"
      style={{ paddingLeft: 6 + (row.level - 1) * 16 }}
      title={row.name}
    >
      {row.contains ? (
        // The row itself answers to the arrow keys.
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
        <span
          className="tree-fold"
          data-testid="tree-fold"
          onClick={(event) => {
            event.stopPropagation();
            onToggle(row);
          }}
        >
          {row.open ? <ChevronDown /> : <ChevronRight />}
        </span>
      ) : (
        <span className="tree-fold" />
      )}
      <StatusGlyph status={row.status} size={13} />
      {state && row.kind === 'visit' && (
        <span className="tree-icon">
          <StateIcon state={state} />
        </span>
      )}
      <span className="ellipsis">
        {row.kind === 'branch' && <span className="muted">Branch </span>}
        {row.name}
        {row.earlier && <span className="muted"> (former attempt)</span>}
      </span>
    </span>
  );
});

interface Props {
  tree: Tree;
  label: string;
  /** Sticks to the top; `role="row"` is given to it here. */
  heading: ReactNode;
  /** The rest of a row, after its name. */
  cells: (row: TreeRow) => ReactNode;
  stateOf: (name: string) => State | undefined;
  /** How wide a row is: a grid's columns and the least width they need together. */
  columns: string;
  width?: number | string;
  box: Ref<HTMLDivElement>;
  scroller: () => HTMLDivElement | null;
  onKeyDown?: (event: KeyboardEvent) => void;
  /** Drawn over all rows. */
  over?: ReactNode;
}

/** Rows of a tree in a grid, as many in the page as fit on the screen; one tab stop. */
export function TreeGrid(props: Props) {
  const { tree, label, heading, cells, stateOf, columns, width = '100%', over } = props;
  const { rows, cursor, toggle, moveTo, press } = tree;
  const id = useId();
  // The compiler's memoisation does not suit the virtualizer's mutable result; nothing relies on it.
  // eslint-disable-next-line react-hooks/incompatible-library
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: props.scroller,
    estimateSize: () => ROW,
    overscan: 6,
    // The heading sticks above the rows.
    scrollMargin: ROW,
    scrollPaddingStart: ROW,
    initialRect: { width: 1000, height: 260 },
  });
  const key = rows[cursor]?.key;
  useEffect(() => {
    if (cursor >= 0) list.scrollToIndex(cursor, { align: 'auto' });
    // New rows above must not scroll the list: only another cursor does.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, list]);

  return (
    <div
      className="tree-grid"
      ref={props.box}
      role="treegrid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={key === undefined ? undefined : `${id}-${key}`}
      tabIndex={0}
      data-testid="tree-grid"
      data-rows={rows.length}
      onKeyDown={(event) => {
        props.onKeyDown?.(event);
        if (!event.defaultPrevented) press(event);
      }}
    >
      <div className="tree-heading" role="row" style={{ gridTemplateColumns: columns, width }}>
        {heading}
      </div>
      <div role="rowgroup" className="tree-rows" style={{ height: list.getTotalSize(), width }}>
        {over}
        {list.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            // Keys are heard by the grid, which keeps the focus.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={row.key}
              id={`${id}-${row.key}`}
              className="tree-row"
              role="row"
              tabIndex={-1}
              aria-level={row.level}
              aria-posinset={row.position}
              aria-setsize={row.size}
              aria-expanded={row.contains ? row.open : undefined}
              aria-selected={index === cursor}
              data-testid="tree-row"
              data-kind={row.kind}
              data-name={row.name}
              data-status={row.status}
              style={{
                gridTemplateColumns: columns,
                top: start - ROW,
              }}
              onClick={() => moveTo(row)}
              onDoubleClick={() => toggle(row)}
            >
              <NameCell row={row} state={stateOf(row.name)} onToggle={toggle} />
              {cells(row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
