import { Check, Columns3, ListOrdered } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { memo, useRef, useState } from 'react';

import type { ItemOrder, TreeRow } from '@/history/tree';
import { Button } from '@/ui/button';
import { useNow } from '@/ui/time';

import { COLUMN_NAMES, columnOf, useColumns, type CellContext, type ColumnName } from './columns';
import { TreeGrid } from './tree-grid';
import { useTree } from './use-tree';
import type { WhatRanProps } from './what-ran';
import './table.css';

const NAME = 'minmax(240px, 1.4fr)';

function ColumnMenu() {
  const { shown, toggle } = useColumns();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button variant="ghost" size="small" data-testid="table-columns">
          <Columns3 />
          Columns
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.getElementById('main')}>
        <DropdownMenu.Content className="column-menu" align="end" sideOffset={4}>
          {COLUMN_NAMES.map((name) => (
            <DropdownMenu.CheckboxItem
              key={name}
              className="column-item"
              checked={shown.includes(name)}
              onCheckedChange={() => toggle(name)}
              onSelect={(event) => event.preventDefault()}
            >
              <span className="column-check">
                <DropdownMenu.ItemIndicator>
                  <Check />
                </DropdownMenu.ItemIndicator>
              </span>
              {columnOf(name).title}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** A row's cells after its name: drawn anew when what they are made from is another. */
const Cells = memo(function Cells({
  shown,
  ...context
}: CellContext & { shown: readonly ColumnName[] }) {
  return shown.map((name) => {
    const { number, mono, cell } = columnOf(name);
    const content = cell(context);
    return (
      <span
        key={name}
        role="gridcell"
        className={number ? 'number' : mono ? 'mono' : undefined}
        data-column={name}
        title={typeof content === 'string' ? content : undefined}
      >
        {content}
      </span>
    );
  });
});

/** What ran as a tree with columns: branches and iterations inside the states that held them. */
export default function Table(props: WhatRanProps) {
  const { model, stateOf, tabs } = props;
  const [order, setOrder] = useState<ItemOrder>('index');
  const tree = useTree({ ...props, order });
  const shown = useColumns((state) => state.shown);
  const now = useNow(model.status === 'RUNNING', 500, model);
  const box = useRef<HTMLDivElement>(null);

  const columns = [NAME, ...shown.map((name) => columnOf(name).width)].join(' ');
  const cells = (row: TreeRow) => (
    <Cells
      row={row}
      visit={row.kind === 'visit' ? (model.visits[row.visit] ?? null) : null}
      state={stateOf(row.name)}
      startedAt={model.startedAt}
      // What has ended has its times.
      now={row.endedAt === null ? now : 0}
      shown={shown}
    />
  );

  return (
    <section className="events" aria-label="Table of what ran">
      <header className="events-header">
        {tabs}
        <span className="muted">
          {tree.rows.length.toLocaleString('en')} {tree.rows.length === 1 ? 'row' : 'rows'}
        </span>
        <span className="below-tools">
          <Button
            variant="ghost"
            size="small"
            aria-pressed={order === 'status'}
            title="Items of a Map in the order of their status, the troubled first"
            data-testid="table-order"
            onClick={() => setOrder(order === 'status' ? 'index' : 'status')}
          >
            <ListOrdered />
            {order === 'status' ? 'Items by status' : 'Items by index'}
          </Button>
          <ColumnMenu />
        </span>
      </header>
      {tree.rows.length === 0 ? (
        <p className="tree-nothing muted">No state has been entered yet.</p>
      ) : (
        <TreeGrid
          tree={tree}
          label="What ran"
          columns={columns}
          width="max(100%, 900px)"
          box={box}
          scroller={() => box.current}
          stateOf={stateOf}
          cells={cells}
          heading={
            <>
              <span role="columnheader">State</span>
              {shown.map((name) => (
                <span
                  key={name}
                  role="columnheader"
                  className={columnOf(name).number ? 'number' : undefined}
                >
                  {columnOf(name).title}
                </span>
              ))}
            </>
          }
        />
      )}
    </section>
  );
}
