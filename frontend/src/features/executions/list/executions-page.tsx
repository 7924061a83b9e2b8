import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { FlaskConical, History, Redo2, SearchX, Square, X } from 'lucide-react';
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';

import {
  executionCountsQuery,
  foundExecutionsQuery,
  type ExecutionSummary,
} from '@/api/executions';
import { lazily } from '@/app/lazily';
import { PageFailed } from '@/app/failures';
import { type ExecutionsSearch, readExecutionsSearch } from '@/app/search';
import { useTitle } from '@/app/title';
import { Button } from '@/ui/button';
import { focusBack } from '@/ui/focus-back';
import { EmptyState, Skeleton } from '@/ui/feedback';

import type { BulkKind } from './bulk-dialog';
import { ExecutionTable } from './execution-table';
import { askedFor, counted, isFiltered } from './filter';
import { Filters, StatusFilter } from './filters';
import './executions.css';

const BulkDialog = lazily(() => import('./bulk-dialog'));

/** A search that finds little goes on by itself this many times. */
const GOES_ON = 5;
const ENOUGH = 30;
/** As many as one question is asked of. */
const MOST_REPLAYED = 100;

/** Asks what if of the chosen executions, where all are of one state machine and have ended. */
function WhatIfLink({ chosen }: { chosen: readonly ExecutionSummary[] }) {
  const name = chosen[0]?.stateMachineName;
  const fits =
    name !== undefined &&
    chosen.length <= MOST_REPLAYED &&
    chosen.every((each) => each.stateMachineName === name && each.stopDate !== null);
  if (!fits) return null;
  return (
    <Link
      className="button button-secondary button-small"
      to="/state-machines/$name/what-if"
      params={{ name }}
      search={{ chosen: chosen.map((each) => each.name) }}
      data-testid="bulk-what-if"
    >
      <FlaskConical aria-hidden="true" />
      What if…
    </Link>
  );
}

/** Executions of all state machines or of one, found by whatever is known of them. */
export function ExecutionsPage() {
  useTitle('Executions');
  const search: ExecutionsSearch = useSearch({
    from: '/executions',
    // What an address says beside what is known of it comes through, too.
    select: readExecutionsSearch,
    structuralSharing: true,
  });
  const navigate = useNavigate({ from: '/executions' });
  const change = useCallback(
    (next: (before: ExecutionsSearch) => ExecutionsSearch) =>
      void navigate({ search: next, replace: true }),
    [navigate],
  );
  const asked = useCallback(() => askedFor(search, Date.now()), [search]);
  const askedToCount = useCallback(() => askedFor(counted(search), Date.now()), [search]);
  const query = useInfiniteQuery(foundExecutionsQuery(search, asked));
  const counts = useQuery(executionCountsQuery(counted(search), askedToCount));
  const pages = query.data?.pages;
  const executions = useMemo(() => pages?.flatMap(({ results }) => results) ?? [], [pages]);
  const searchedTo = pages?.at(-1)?.searchedTo ?? null;
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  useEffect(() => {
    if (searchedTo !== null && executions.length < ENOUGH && (pages?.length ?? 0) < GOES_ON) more();
  }, [searchedTo, executions.length, pages?.length, more]);

  const [chosen, setChosen] = useState<ReadonlyMap<string, ExecutionSummary>>(new Map());
  const [bulk, setBulk] = useState<{ kind: BulkKind; of: ExecutionSummary[] } | null>(null);
  // As they are now, not as they were when they were chosen.
  const latest = useMemo(
    () => new Map(executions.map((each) => [each.executionArn, each])),
    [executions],
  );
  const selection = [...chosen].map(([arn, each]) => latest.get(arn) ?? each);
  const list = useRef<HTMLDivElement>(null);
  /** The bar goes, and with it what has the focus, or what a dialog would give it back to. */
  const chooseNone = () => {
    setChosen(new Map());
    setTimeout(() => focusBack(list.current));
  };
  const close = (hasBegun: boolean) => {
    setBulk(null);
    if (hasBegun) chooseNone();
  };

  return (
    <div className="executions-page">
      <header className="executions-top">
        <h1>Executions</h1>
        <StatusFilter
          search={search}
          counts={counts.data?.counts}
          paused={counts.data?.paused}
          complete={counts.data?.complete ?? true}
          change={change}
        />
      </header>
      <Filters search={search} change={change} />
      {query.isError && executions.length === 0 ? (
        <PageFailed error={query.error} reset={() => void query.refetch()} />
      ) : query.isPending ? (
        <div className="skeleton-rows" data-testid="loading" aria-busy="true">
          {[0, 1, 2, 3, 4, 5].map((each) => (
            <Skeleton key={each} width="100%" height={20} />
          ))}
        </div>
      ) : executions.length === 0 && !hasNextPage ? (
        <EmptyState
          icon={isFiltered(search) ? SearchX : History}
          title={isFiltered(search) ? 'No execution matches' : 'Nothing has run yet'}
        >
          {isFiltered(search)
            ? 'Take a filter away, or look further back in time.'
            : 'Start an execution and it appears here.'}
        </EmptyState>
      ) : (
        <ExecutionTable
          executions={executions}
          isLate={query.isPlaceholderData}
          chosen={chosen}
          onChoose={setChosen}
          box={list}
          onEnd={more}
          foot={
            hasNextPage && (
              <span className="executions-more">
                {searchedTo !== null && (
                  <span className="muted" data-testid="searched-to">
                    Searched back to {new Date(searchedTo).toLocaleString()}
                  </span>
                )}
                <Button size="small" disabled={isFetchingNextPage} onClick={more}>
                  {isFetchingNextPage ? 'Looking…' : 'Look further back'}
                </Button>
              </span>
            )
          }
        />
      )}
      {selection.length > 0 && (
        <div className="bulk-bar" role="region" aria-label="Chosen executions">
          <strong data-testid="chosen-count">{selection.length.toLocaleString('en')} chosen</strong>
          <Button
            size="small"
            onClick={() => setBulk({ kind: 'stop', of: selection })}
            data-testid="bulk-stop"
          >
            <Square />
            Stop…
          </Button>
          <Button
            size="small"
            onClick={() => setBulk({ kind: 'redrive', of: selection })}
            data-testid="bulk-redrive"
          >
            <Redo2 />
            Redrive…
          </Button>
          <WhatIfLink chosen={selection} />
          <Button size="small" variant="ghost" onClick={chooseNone}>
            <X />
            Choose none
          </Button>
        </div>
      )}
      {bulk && (
        <Suspense>
          <BulkDialog kind={bulk.kind} executions={bulk.of} onClose={close} />
        </Suspense>
      )}
    </div>
  );
}
