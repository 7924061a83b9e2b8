import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, Equal, FileWarning, GitCompareArrows } from 'lucide-react';
import { Suspense, useEffect, useMemo, useState } from 'react';

import { getDraft } from '@/api/definitions';
import {
  comparisonQuery,
  revisionsQuery,
  type Comparison,
  type Revision,
} from '@/api/state-machines';
import { layOutDefinition } from '@/asl/layout/graph-layout';
import { readSource } from '@/asl/source/source';
import '@/asl/source/yaml';
import { lazily } from '@/app/lazily';
import { PageFailed } from '@/app/failures';
import { readVersionsSearch, type VersionsSearch } from '@/app/search';
import { useTitle } from '@/app/title';
import { Graph } from '@/features/executions/graph';
import { createGraphStore, GraphProvider } from '@/features/graph/graph-store';
import { AliasesPanel } from '@/features/reviews/aliases-panel';
import { Button } from '@/ui/button';
import { EmptyState, Skeleton } from '@/ui/feedback';
import { Split } from '@/ui/split';

import '@/features/executions/pages.css';
import { ChangeList, countOfChanges } from './change-list';
import { DRAFT, HistoryList } from './history-list';
import { RestoreDialog } from './restore-dialog';
import { SurroundingList } from './surrounding-list';
import { marksOf, unite } from './union';
import './versions.css';

const TextComparison = lazily(() => import('./text-comparison'));

interface ComparedProps {
  comparison: Comparison;
  asText: boolean;
  /** What the changes are those of, in a sentence; none where the choice of the pair says it. */
  said: string | null;
}

function Compared({ comparison, asText, said }: ComparedProps) {
  const [store] = useState(createGraphStore);
  const { before, after, changes, surroundings, problem } = comparison;
  const layout = useMemo(() => {
    const old = readSource(before.definition, before.format);
    const drawn = readSource(after.definition, after.format);
    if (!old.ok || !drawn.ok) return null;
    return layOutDefinition(unite(old.definition, drawn.definition, changes));
  }, [before, after, changes]);
  useEffect(() => {
    store.setState({
      changes: marksOf(changes),
      select: (selected) => store.setState({ selected }),
    });
  }, [store, changes]);
  const text = (
    <Suspense fallback={<Skeleton width="100%" height={200} />}>
      <TextComparison comparison={comparison} />
    </Suspense>
  );
  if (problem !== null) {
    return (
      <div className="comparison">
        <p className="comparison-problem" role="status">
          <FileWarning aria-hidden="true" /> {problem}
        </p>
        {text}
      </div>
    );
  }
  if (changes.length === 0 && surroundings.length === 0) {
    return (
      <EmptyState icon={Equal} title="These say the same">
        {before.definition !== after.definition && 'Only the layout of the text differs.'}
      </EmptyState>
    );
  }
  return (
    <div className="comparison">
      <aside className="comparison-changes" aria-label="Changes">
        <h2>{countOfChanges(changes.length + surroundings.length)}</h2>
        {said !== null && <p className="comparison-said">{said}</p>}
        <ChangeList changes={changes} store={store} />
        <SurroundingList
          changes={surroundings}
          onShow={(selected) => store.setState({ selected })}
        />
      </aside>
      {asText || !layout ? (
        text
      ) : (
        <GraphProvider value={store}>
          <div className="comparison-graph">
            <Graph layout={layout} label="What changed" />
          </div>
        </GraphProvider>
      )}
    </div>
  );
}

/** The history of a state machine, and what changed between any two of its revisions. */
export function VersionsPage() {
  const { name } = useParams({ from: '/state-machines/$name/versions' });
  const search: VersionsSearch = useSearch({
    from: '/state-machines/$name/versions',
    // What an address says beside what is known of it comes through, too.
    select: readVersionsSearch,
    structuralSharing: true,
  });
  const navigate = useNavigate({ from: '/state-machines/$name/versions' });
  useTitle(`Versions of ${name}`);
  const history = useInfiniteQuery(revisionsQuery(name));
  const { data: draft = null, isPending: draftIsUnknown } = useQuery({
    queryKey: ['draft', name, 'versions'],
    queryFn: ({ signal }) => getDraft(name, signal),
  });
  const revisions = history.data?.pages.flatMap(({ results }) => results) ?? [];
  // Unless said otherwise: one's draft with what it changes, or the latest with the one before it.
  const ids = [...(draft ? [DRAFT] : []), ...revisions.map(({ revisionId }) => revisionId)];
  const after = search.after ?? ids[0] ?? null;
  const before = search.before ?? ids[ids.indexOf(after ?? '') + 1] ?? null;
  const comparison = useQuery({
    ...comparisonQuery(name, before ?? '', after ?? ''),
    // Which two are meant is known when it is known whether there is a draft.
    enabled: before !== null && after !== null && !draftIsUnknown,
  });
  const asText = search.view === 'text';
  const [restoring, setRestoring] = useState<Revision | null>(null);
  return (
    <div className="execution-page">
      <header className="page-header">
        <Link
          className="button button-ghost button-small"
          to="/state-machines/$name"
          params={{ name }}
          aria-label={`Back to ${name}`}
        >
          <ArrowLeft aria-hidden="true" />
        </Link>
        <h1 className="ellipsis">Versions of {name}</h1>
        <span className="page-actions">
          <span className="segments" role="group" aria-label="How to show what changed">
            {(['graph', 'text'] as const).map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={asText === (each === 'text')}
                onClick={() =>
                  void navigate({
                    search: ({ before, after }) => ({
                      ...(before !== undefined && { before }),
                      ...(after !== undefined && { after }),
                      ...(each === 'text' && { view: 'text' as const }),
                    }),
                    replace: true,
                  })
                }
              >
                {each === 'text' ? 'Text' : 'Graph'}
              </button>
            ))}
          </span>
          {draft !== null && (
            <Link
              className="button button-secondary"
              to="/state-machines/$name/edit"
              params={{ name }}
              data-testid="to-the-draft"
            >
              Go on with your draft
            </Link>
          )}
        </span>
      </header>
      <div className="execution-body stacked">
        {history.isError && revisions.length === 0 ? (
          <PageFailed error={history.error} reset={() => void history.refetch()} />
        ) : (
          <Split
            name="versions-history"
            divider="vertical"
            initial={340}
            least={260}
            most={560}
            label="Width of the history"
            main={
              comparison.isError ? (
                <PageFailed error={comparison.error} reset={() => void comparison.refetch()} />
              ) : comparison.data ? (
                <Compared
                  key={`${before}${after}`}
                  comparison={comparison.data}
                  asText={asText}
                  said={
                    after !== DRAFT
                      ? null
                      : revisions.some((each) => each.isCurrent && each.revisionId === before)
                        ? 'What your draft would change in what is published.'
                        : 'What your draft would change in that revision.'
                  }
                />
              ) : before === null && history.isSuccess && !draftIsUnknown ? (
                <EmptyState icon={GitCompareArrows} title="Nothing to compare yet">
                  Publish a change, or begin a draft, and what changed is shown here.
                </EmptyState>
              ) : (
                <div className="graph-skeleton" aria-busy="true">
                  {[0, 1, 2].map((each) => (
                    <Skeleton key={each} width={208} height={48} />
                  ))}
                </div>
              )
            }
            panel={
              <section className="executions" aria-label="History">
                <header className="events-header">
                  <h2>History</h2>
                </header>
                <div className="executions-rows">
                  <HistoryList
                    {...{ revisions, draft, before, after }}
                    onRestore={setRestoring}
                    onChoose={(side, id) =>
                      void navigate({
                        search: (rest) => ({
                          ...rest,
                          ...(before !== null && { before }),
                          ...(after !== null && { after }),
                          [side]: id,
                        }),
                        replace: true,
                      })
                    }
                  />
                  {history.hasNextPage && (
                    <div className="more">
                      <Button
                        size="small"
                        onClick={() => void history.fetchNextPage()}
                        disabled={history.isFetchingNextPage}
                      >
                        Older revisions
                      </Button>
                    </div>
                  )}
                  <AliasesPanel name={name} revisions={revisions} />
                </div>
                {restoring !== null && (
                  <RestoreDialog
                    name={name}
                    revision={restoring}
                    current={revisions.find(({ isCurrent }) => isCurrent)}
                    draft={draft}
                    draftIsUnknown={draftIsUnknown}
                    onClose={() => setRestoring(null)}
                  />
                )}
              </section>
            }
          />
        )}
      </div>
    </div>
  );
}
