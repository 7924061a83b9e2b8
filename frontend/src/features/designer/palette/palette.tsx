import { Search } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';

import { insertAfter, insertFirst } from '@/asl/edit';
import { TOP } from '@/asl/edit/scopes';
import { StateIcon } from '@/features/graph/state-icons';

import { useDrag } from '../canvas/use-drag';
import { useEditorStore } from '../editor-store';
import { matching, type PaletteItem } from './items';
import './palette.css';

const GROUPS: PaletteItem['group'][] = ['Flow', 'Functions', 'Services', 'Patterns'];

/** What can be dragged in. A click puts it after the selected state, or at the start. */
export function Palette({ items }: { items: readonly PaletteItem[] }) {
  const [search, setSearch] = useState('');
  const editor = useEditorStore();
  const drag = useDrag();
  const found = matching(items, search);
  const add = (item: PaletteItem) => {
    const { document, apply } = editor.getState();
    const last = document.selected.at(-1);
    const piece = item.fragment();
    apply(last === undefined ? insertFirst(TOP, piece) : insertAfter(last, piece), 'Insert');
  };
  const [reached, setStop] = useState<PaletteItem>();
  const stop = found.find(({ id }) => id === reached?.id);
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
    event.preventDefault();
  };
  return (
    <section className="palette" aria-label="States to insert">
      <label className="palette-search">
        <Search aria-hidden="true" />
        <span className="visually-hidden">Search states to insert</span>
        <input
          type="search"
          className="input"
          placeholder="Search"
          data-shortcut="search"
          data-testid="palette-search"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
        <kbd>/</kbd>
      </label>
      {/* One tab stop for all of them: there may be a hundred. Arrows go on from it. */}
      <div className="palette-items" role="toolbar" aria-label="States" onKeyDown={move}>
        {GROUPS.map((group) => {
          const members = found.filter((item) => item.group === group);
          if (members.length === 0) return null;
          return (
            <div key={group}>
              <h2>{group}</h2>
              {members.map((item) => (
                <button
                  key={item.id}
                  type="button"
                  className="palette-item"
                  tabIndex={item.id === (stop?.id ?? found[0]?.id) ? 0 : -1}
                  onFocus={() => setStop(item)}
                  title={`${item.label}: ${item.hint}. Drag it to its place, or click to insert it after the selected state.`}
                  data-testid="palette-item"
                  data-item={item.label}
                  onPointerDown={(event) =>
                    drag(event, () => ({
                      kind: 'new',
                      label: item.label,
                      fragment: item.fragment,
                    }))
                  }
                  onClick={() => add(item)}
                >
                  <span className="item-icon">
                    <StateIcon state={item.like} />
                  </span>
                  <span className="palette-text">
                    <span className="ellipsis">{item.label}</span>
                    <span className="muted ellipsis">{item.hint}</span>
                  </span>
                </button>
              ))}
            </div>
          );
        })}
        {found.length === 0 && <p className="muted palette-nothing">Nothing is called so here.</p>}
      </div>
    </section>
  );
}
