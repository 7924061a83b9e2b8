import { ChevronDown, ChevronRight, X } from 'lucide-react';
import { memo, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';

import type { GraphLayout } from '@/asl/layout/graph-layout';
import { IconButton } from '@/ui/button';

import { useGraph, useStateView } from './graph-store';
import { CardGlyph, CardIcon } from './graph-symbols';
import { outlineOf, type OutlineRow } from './outline-rows';
import { useOutline } from './outline-store';
import { TypedName } from './typed-name';
import './outline.css';

const nameOf = ({ placed }: OutlineRow) => placed.name;

interface RowProps {
  row: OutlineRow;
  open: boolean;
  selected: boolean;
  /** The tree is one tab stop: only one row can be reached with Tab. */
  reachable: boolean;
}

const Row = memo(function Row({ row, open, selected, reachable }: RowProps) {
  const { name, state } = row.placed;
  const view = useStateView(name);
  const live = useGraph((graph) => graph.live);
  const status = view?.status ?? 'NOT_REACHED';
  const retries = view?.retries ?? 0;
  return (
    <div
      className="outline-row"
      role="treeitem"
      data-testid="outline-row"
      data-state-name={name}
      data-status={live ? status : undefined}
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.size}
      aria-selected={selected}
      aria-expanded={row.contains ? open : undefined}
      tabIndex={reachable ? 0 : -1}
      style={{ paddingLeft: 4 + (row.level - 1) * 16 }}
    >
      <span className="outline-fold" data-fold={row.contains || undefined}>
        {row.contains && (open ? <ChevronDown /> : <ChevronRight />)}
      </span>
      <CardIcon state={state} />
      <span className="ellipsis" title={name}>
        {name}
      </span>
      <span className="visually-hidden">
        {`, ${state.Type ?? 'state'}${retries > 0 ? `, ${retries} retries` : ''}, `}
      </span>
      {row.branch !== null && <span className="outline-branch">branch {row.branch}</span>}
      {live && <CardGlyph status={status} />}
    </div>
  );
});

/** The states as a tree: what the canvas shows, for reading, searching and screen readers. */
export default function Outline({
  layout,
  onInspect,
  onLeave,
}: {
  layout: GraphLayout;
  onInspect?: () => void;
  /** Back to the graph. */
  onLeave?: () => void;
}) {
  const rows = useMemo(() => outlineOf(layout.states), [layout]);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const selected = useGraph((graph) => graph.selected);
  const select = useGraph((graph) => graph.select);
  const toggle = useOutline((state) => state.toggle);
  const tree = useRef<HTMLDivElement>(null);
  const typed = useRef(new TypedName());

  // A selection made elsewhere opens what it stands in.
  const around = rows.find(({ placed }) => placed.name === selected)?.path ?? [];
  const isOpen = (name: string) => !folded.has(name) || around.includes(name);
  const shown = rows.filter(({ path }) => path.every(isOpen));
  const at = shown.findIndex(({ placed }) => placed.name === selected);

  useEffect(() => {
    const box = tree.current;
    const row = box?.querySelector<HTMLElement>('[aria-selected=true]');
    row?.scrollIntoView({ block: 'nearest' });
    if (box?.contains(document.activeElement)) row?.focus();
  }, [selected]);
  useEffect(() => {
    if (!useOutline.getState().wanted) return;
    useOutline.setState({ wanted: false });
    tree.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, []);

  const go = (index: number) => {
    const row = shown[Math.max(0, Math.min(shown.length - 1, index))];
    if (row) select(row.placed.name);
  };
  const fold = (name: string, closed: boolean) => {
    const next = new Set(folded);
    if (closed) next.add(name);
    else next.delete(name);
    setFolded(next);
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // With nothing selected the focus is on the first row.
    const here = Math.max(0, at);
    const row = shown[here];
    const name = row?.placed.name ?? '';
    const found = typed.current.find(event.key, shown.map(nameOf), here, event.timeStamp);
    if (found !== null) go(found);
    else if (event.key === 'ArrowDown') go(here + 1);
    else if (event.key === 'ArrowUp') go(here - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(shown.length - 1);
    else if (event.key === 'Enter' || event.key === ' ') {
      go(here);
      onInspect?.();
    } else if (event.key === 'Escape' && onLeave) onLeave();
    else if (event.key === 'ArrowRight') {
      if (row?.contains && !isOpen(name)) fold(name, false);
      else if (row?.contains) go(here + 1);
    } else if (event.key === 'ArrowLeft') {
      if (row?.contains && isOpen(name)) fold(name, true);
      else go(shown.findIndex(({ placed }) => placed.name === row?.path.at(-1)));
    } else return;
    event.preventDefault();
  };

  return (
    <section className="outline" aria-label="Outline">
      <header className="outline-header">
        <h2>States</h2>
        <span className="muted">{rows.length.toLocaleString('en')}</span>
        <IconButton label="Close the outline" onClick={toggle}>
          <X />
        </IconButton>
      </header>
      {/* Its rows take the focus, one at a time. */}
      {/* eslint-disable-next-line jsx-a11y/interactive-supports-focus */}
      <div
        className="outline-tree"
        role="tree"
        aria-label="States"
        data-testid="outline"
        ref={tree}
        onKeyDown={press}
        onClick={({ target }) => {
          if (!(target instanceof Element)) return;
          const name = target.closest<HTMLElement>('[role=treeitem]')?.dataset.stateName;
          if (name === undefined) return;
          if (target.closest('[data-fold]')) fold(name, isOpen(name));
          else select(name);
        }}
      >
        {shown.map((row, index) => {
          const { name } = row.placed;
          return (
            <Row
              key={name}
              row={row}
              open={isOpen(name)}
              selected={index === at}
              reachable={index === Math.max(0, at)}
            />
          );
        })}
      </div>
    </section>
  );
}
