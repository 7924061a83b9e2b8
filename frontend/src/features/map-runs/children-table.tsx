import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';

import type { ListedStatus } from '@/api/executions';
import { mapRunChildrenQuery, type MapRunChild, type MapRunKey } from '@/api/map-runs';
import { PageFailed } from '@/app/failures';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/feedback';
import { StatusPill } from '@/ui/status';
import { duration, useNow } from '@/ui/time';

const ROW = 34;

function took({ startDate, stopDate }: MapRunChild, now: number): string {
  if (startDate === null) return '';
  const end = stopDate === null ? now : Date.parse(stopDate);
  return duration(Math.max(0, end - Date.parse(startDate)));
}

const Row = memo(function Row({
  child,
  machine,
  top,
  index,
  now,
  opens,
}: {
  child: MapRunChild;
  /** Of the children: NAME/LABEL. */
  machine: string;
  top: number;
  index: number;
  now: number;
  opens: boolean;
}) {
  const { number, name, status, itemCount, input, output, error, cause } = child;
  const trouble = error !== null || cause !== null;
  return (
    <div
      className="child-row"
      role="row"
      aria-rowindex={index + 2}
      data-testid="child-row"
      data-number={number}
      data-status={status ?? 'NOT_REACHED'}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell" className="number muted">
        {number.toLocaleString('en')}
      </span>
      <span role="cell">
        <StatusPill status={status ?? 'NOT_REACHED'} />
      </span>
      <span role="cell" className="mono">
        {opens ? (
          <Link to="/executions/$machine/$name" params={{ machine, name }}>
            {name}
          </Link>
        ) : (
          <span title="Of an Express child no history is kept">{name}</span>
        )}
      </span>
      <span role="cell" className="number muted">
        {itemCount.toLocaleString('en')}
      </span>
      <span role="cell" className="number">
        {took(child, now)}
      </span>
      <span role="cell" className="mono muted" title={input}>
        {input}
      </span>
      <span
        role="cell"
        className={trouble ? 'mono found-error' : 'mono muted'}
        title={trouble ? `${error ?? ''} ${cause ?? ''}` : (output ?? undefined)}
      >
        {trouble ? `${error ?? 'Failed'} ${cause ?? ''}` : output}
      </span>
    </div>
  );
});

/** The children in the items' order; as many in the page as fit on the screen. */
export function ChildrenTable({
  of,
  status,
  live,
  opens,
}: {
  of: MapRunKey;
  status: ListedStatus | null;
  live: boolean;
  /** Whether children are executions with a page of their own. */
  opens: boolean;
}) {
  const query = useInfiniteQuery(mapRunChildrenQuery(of, status, live));
  const children = query.data?.pages.flatMap(({ results }) => results) ?? [];
  const box = useRef<HTMLDivElement>(null);
  const now = useNow(children.some((each) => each.startDate !== null && each.stopDate === null));
  // The compiler's memoisation does not suit the virtualizer's mutable result; nothing relies on it.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: children.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollMargin: ROW,
    initialRect: { width: 1200, height: 600 },
  });
  const items = rows.getVirtualItems();
  const atEnd = children.length > 0 && (items.at(-1)?.index ?? 0) >= children.length - 5;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const lacking = hasNextPage && !isFetchingNextPage && (atEnd || children.length === 0);
  useEffect(() => {
    // With a status a page may have few of them, or none: the next one is asked for at once.
    if (lacking) void fetchNextPage();
  }, [lacking, fetchNextPage]);
  if (query.isError && children.length === 0) {
    return <PageFailed error={query.error} reset={() => void query.refetch()} />;
  }
  return (
    <div
      className="children"
      role="group"
      aria-label="List of children"
      ref={box}
      data-testid="children"
      data-loaded={children.length}
      // A region that scrolls must be reachable with the keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <div role="table" aria-label="Children" aria-rowcount={children.length + 1}>
        <div role="rowgroup">
          <div className="child-heading" role="row">
            <span role="columnheader" className="number">
              #
            </span>
            <span role="columnheader">Status</span>
            <span role="columnheader">Name</span>
            <span role="columnheader" className="number">
              Items
            </span>
            <span role="columnheader" className="number">
              Duration
            </span>
            <span role="columnheader">Input</span>
            <span role="columnheader">Output or error</span>
          </div>
        </div>
        <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const child = children[index];
            if (!child) return null;
            const moves = child.startDate !== null && child.stopDate === null;
            return (
              <Row
                key={child.number}
                child={child}
                machine={`${of.machine}/${of.label}`}
                index={index}
                top={start - ROW}
                now={moves ? now : 0}
                opens={opens}
              />
            );
          })}
        </div>
      </div>
      {query.isPending && (
        <div className="skeleton-rows" aria-busy="true" data-testid="loading">
          {[0, 1, 2].map((each) => (
            <Skeleton key={each} width="100%" height={18} />
          ))}
        </div>
      )}
      {!query.isPending && children.length === 0 && !hasNextPage && (
        <p className="pane-nothing muted">
          {status === null ? 'No child has begun yet.' : 'No child is so.'}
        </p>
      )}
      {hasNextPage && (
        <div className="more">
          <Button size="small" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? 'Looking…' : 'More'}
          </Button>
        </div>
      )}
    </div>
  );
}
