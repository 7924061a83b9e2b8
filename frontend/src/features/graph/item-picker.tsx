import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';

import type { StateView } from '@/history/view';
import { Dialog } from '@/ui/dialog';
import { StatusGlyph, statusWord } from '@/ui/status';

import { itemRows } from './item-groups';
import './item-picker.css';

const ROW = 30;
const PAGE = 10;

interface Props {
  name: string;
  view: StateView;
  picked: number | undefined;
  /** What choosing none is called. */
  all: string;
  pick: (index: number | null) => void;
  onClose: () => void;
}

/** Finds one of a Map's thousands of iterations: by number, the failed ones first. */
export default function ItemPicker({ name, view, picked, all, pick, onClose }: Props) {
  const [search, setSearch] = useState('');
  const rows = useMemo(() => itemRows(view.iterations, search), [view, search]);
  const first = rows.findIndex((row) => row.kind === 'item');
  const known = rows.findIndex((row) => row.kind === 'item' && row.index === picked);
  const [moved, setMoved] = useState<number | null>(null);
  const at = moved !== null && rows[moved]?.kind === 'item' ? moved : known >= 0 ? known : first;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  // The compiler's memoisation does not suit the virtualizer's mutable result; nothing relies on it.
  // eslint-disable-next-line react-hooks/incompatible-library
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 6,
    initialRect: { width: 440, height: 360 },
    initialOffset: Math.max(0, known - 3) * ROW,
  });

  const choose = (index: number | null) => {
    pick(index);
    onClose();
  };
  const go = (by: number) => {
    const way = Math.sign(by);
    let next = Math.max(0, Math.min(rows.length - 1, at + by));
    while (rows[next]?.kind === 'heading') next += way;
    if (!rows[next]) return;
    setMoved(next);
    list.scrollToIndex(next, { align: 'auto' });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') go(1);
    else if (event.key === 'ArrowUp') go(-1);
    else if (event.key === 'PageDown') go(PAGE);
    else if (event.key === 'PageUp') go(-PAGE);
    else if (event.key === 'Enter') {
      const row = rows[at];
      if (row?.kind === 'item') choose(row.index);
    } else return;
    event.preventDefault();
  };

  return (
    <Dialog open onClose={onClose} title={`Item of ${name}`}>
      <input
        className="input"
        type="search"
        inputMode="numeric"
        placeholder="Number of the item"
        role="combobox"
        aria-label="Number of the item"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={rows[at] ? `${id}-${at}` : undefined}
        data-testid="item-search"
        value={search}
        onChange={({ target }) => {
          setSearch(target.value);
          setMoved(null);
          box.current?.scrollTo({ top: 0 });
        }}
        onKeyDown={press}
      />
      <button type="button" className="item-all" onClick={() => choose(null)}>
        {all} together
      </button>
      <div className="item-list" id={id} role="listbox" aria-label="Items" ref={box}>
        {rows.length === 0 && (
          <p className="muted item-none">
            {view.iterations.length === 0
              ? 'No item has begun.'
              : 'No item that has begun matches.'}
          </p>
        )}
        <div role="presentation" style={{ height: list.getTotalSize(), position: 'relative' }}>
          {list.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            const style = { transform: `translateY(${start}px)` };
            if (row.kind === 'heading') {
              return (
                <div key={row.status} className="item-heading" role="presentation" style={style}>
                  {statusWord(row.status)}
                  <span className="muted">{row.count.toLocaleString('en')}</span>
                </div>
              );
            }
            return (
              // Keys are heard by the search field, which keeps the focus.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={row.index}
                id={`${id}-${index}`}
                className="item-row"
                role="option"
                tabIndex={-1}
                aria-selected={row.index === picked}
                data-active={index === at || undefined}
                data-testid="item-option"
                data-item={row.index}
                data-status={row.status}
                style={style}
                onClick={() => choose(row.index)}
              >
                <StatusGlyph status={row.status} size={14} />
                Item {row.index}
              </div>
            );
          })}
        </div>
      </div>
    </Dialog>
  );
}
