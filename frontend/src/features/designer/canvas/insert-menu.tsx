import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';

import { StateIcon } from '@/features/graph/state-icons';

import { useEditor, useEditorStore } from '../editor-store';
import { matching, type PaletteItem } from '../palette/items';

const WIDTH = 288;
const HEIGHT = 360;

/** The searchable list that a "+" opens: type, choose with the arrow keys, Enter inserts. */
export function InsertMenu({ items }: { items: readonly PaletteItem[] }) {
  const menu = useEditor((state) => state.insertMenu);
  return menu ? <OpenMenu key={menu.title} items={items} /> : null;
}

function OpenMenu({ items }: { items: readonly PaletteItem[] }) {
  const editor = useEditorStore();
  const menu = useEditor((state) => state.insertMenu);
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const back = useRef(document.activeElement);
  const id = useId();
  const found = matching(items, search);

  useEffect(() => {
    const away = ({ target }: globalThis.PointerEvent) => {
      if (target instanceof Node && box.current?.contains(target)) return;
      editor.setState({ insertMenu: null });
    };
    window.addEventListener('pointerdown', away);
    return () => window.removeEventListener('pointerdown', away);
  }, [editor]);
  useEffect(() => {
    box.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  if (!menu) return null;
  const close = () => {
    editor.setState({ insertMenu: null });
    const canvas = document.querySelector<HTMLElement>('[data-testid=graph]');
    const { current } = back;
    if (current instanceof HTMLElement && current.isConnected) current.focus();
    else canvas?.focus();
  };
  const choose = (item: PaletteItem | undefined) => {
    if (!item) return;
    editor.setState({ insertMenu: null });
    editor.getState().apply(menu.command(item.fragment()), `Insert ${item.label}`);
    document.querySelector<HTMLElement>('[data-testid=graph]')?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter') choose(found[at]);
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const left = Math.max(8, Math.min(menu.at.x, window.innerWidth - WIDTH - 8));
  const top = Math.max(8, Math.min(menu.at.y, window.innerHeight - HEIGHT - 8));
  return (
    <div
      className="insert-menu"
      role="dialog"
      aria-label={menu.title}
      style={{ left, top, width: WIDTH, maxHeight: HEIGHT }}
      ref={box}
      data-testid="insert-menu"
    >
      <input
        className="input"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
        aria-label={menu.title}
        placeholder={menu.title}
        // The person has just asked for this field.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={search}
        onChange={({ target }) => {
          setSearch(target.value);
          setAt(0);
        }}
        onKeyDown={press}
        data-testid="insert-search"
      />
      <ul id={`${id}-list`} role="listbox" aria-label="What to insert">
        {found.map((item, index) => (
          // The field keeps the focus and the keys: see aria-activedescendant.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={item.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            className="insert-option"
            data-first={item.group !== found[index - 1]?.group || undefined}
            data-group={item.group}
            data-testid="insert-option"
            onPointerMove={() => setAt(index)}
            onClick={() => choose(item)}
          >
            <span className="item-icon">
              <StateIcon state={item.like} />
            </span>
            <span className="item-label">{item.label}</span>
            <span className="item-hint ellipsis">{item.hint}</span>
          </li>
        ))}
        {found.length === 0 && <li className="muted insert-nothing">Nothing is called so here.</li>}
      </ul>
    </div>
  );
}
