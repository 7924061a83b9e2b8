import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, Equal, FileWarning } from 'lucide-react';
import { Suspense, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';

import type { Comparison } from '@/api/state-machines';
import { proposalQuery, proposedQuery, type Proposal, type ProposalKey } from '@/api/reviews';
import { PageFailed } from '@/app/failures';
import { lazily } from '@/app/lazily';
import { type ProposalSearch, readProposalSearch } from '@/app/search';
import { useTitle } from '@/app/title';
import { layOutDefinition } from '@/asl/layout/graph-layout';
import { readSource } from '@/asl/source/source';
import '@/asl/source/yaml';
import { Graph } from '@/features/executions/graph';
import { createGraphStore, GraphProvider, type GraphStore } from '@/features/graph/graph-store';
import { ChangeList, countOfChanges } from '@/features/versions/change-list';
import { SurroundingList } from '@/features/versions/surrounding-list';
import { marksOf, unite } from '@/features/versions/union';
import { EmptyState, Skeleton } from '@/ui/feedback';
import { Split } from '@/ui/split';
import { TimeAgo } from '@/ui/time';

import '@/features/executions/pages.css';
import '@/features/versions/versions.css';
import { ProposalBadge } from './badges';
import { Checks } from './checks';
import { Reviewers, RulesSection } from './people';
import { Blockers, ProposalActions } from './proposal-actions';
import './reviews.css';
import { Threads } from './threads';

const TextComparison = lazily(() => import('@/features/versions/text-comparison'));

/** Unresolved threads by state, for the cards. */
const openThreads = ({ threads }: Proposal) => {
  const counts = new Map<string, number>();
  for (const { state, stateIsGone, resolvedDate } of threads) {
    if (state === null || stateIsGone || resolvedDate !== null) continue;
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
};

function Changed({
  comparison,
  asText,
  store,
}: {
  comparison: Comparison;
  asText: boolean;
  store: GraphStore;
}) {
  const { before, after, changes, problem } = comparison;
  const layout = useMemo(() => {
    const old = readSource(before.definition, before.format);
    const drawn = readSource(after.definition, after.format);
    if (!old.ok || !drawn.ok) return null;
    return layOutDefinition(unite(old.definition, drawn.definition, changes));
  }, [before, after, changes]);
  useEffect(() => store.setState({ changes: marksOf(changes) }), [store, changes]);
  if (asText || !layout || problem !== null) {
    return (
      <div className="comparison">
        {problem !== null && (
          <p className="comparison-problem" role="status">
            <FileWarning aria-hidden="true" /> {problem}
          </p>
        )}
        <Suspense fallback={<Skeleton width="100%" height={200} />}>
          <TextComparison comparison={comparison} />
        </Suspense>
      </div>
    );
  }
  return (
    <div className="comparison-graph proposal-graph">
      <Graph layout={layout} label="What the proposal changes" />
    </div>
  );
}

function Side({
  proposal,
  of,
  comparison,
  isShown,
  store,
}: {
  proposal: Proposal;
  of: ProposalKey;
  comparison: Comparison | undefined;
  isShown: boolean;
  store: GraphStore;
}) {
  const selected = useStore(store, (state) => state.selected);
  const definition = useMemo(() => {
    if (!comparison) return null;
    const read = readSource(comparison.after.definition, comparison.after.format);
    return read.ok ? read.definition : null;
  }, [comparison]);
  return (
    <div className="proposal-side">
      <Blockers proposal={proposal} />
      {proposal.description !== '' && <p className="proposal-words">{proposal.description}</p>}
      <section aria-label="Changes" className="review-section review-changes">
        <h2>
          {comparison
            ? countOfChanges(comparison.changes.length + comparison.surroundings.length)
            : 'Changes'}{' '}
          <span className="muted">
            <kbd>n</kbd> <kbd>p</kbd>
          </span>
        </h2>
        {comparison && (
          <>
            <ChangeList changes={comparison.changes} store={store} />
            <SurroundingList
              changes={comparison.surroundings}
              onShow={(state) => store.setState({ selected: state })}
            />
          </>
        )}
      </section>
      <Threads
        proposal={proposal}
        of={of}
        definition={definition}
        isShown={isShown}
        selected={selected}
        onShow={(state) => store.setState({ selected: state })}
      />
      <Checks proposal={proposal} of={of} />
      <Reviewers proposal={proposal} of={of} />
      <RulesSection proposal={proposal} of={of} />
      <section aria-label="Pushes" className="review-section">
        <h2>Pushes</h2>
        <ol className="pushes">
          {proposal.pushes.toReversed().map((push) => (
            <li key={push.number} data-testid="push">
              <strong>{push.number}</strong> {push.message || 'Pushed'}{' '}
              <span className="muted">
                {push.author ?? 'somebody'} · <TimeAgo at={push.creationDate} />
              </span>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

/** A proposal: what it changes, what is said of it, and what it still needs. */
export function ProposalPage() {
  const { name, number } = useParams({ from: '/state-machines/$name/proposals/$number' });
  const search: ProposalSearch = useSearch({
    from: '/state-machines/$name/proposals/$number',
    // What an address says beside what is known of it comes through, too.
    select: readProposalSearch,
    structuralSharing: true,
  });
  const navigate = useNavigate({ from: '/state-machines/$name/proposals/$number' });
  const of = useMemo<ProposalKey>(() => ({ name, number: Number(number) || 0 }), [name, number]);
  useTitle(`#${number} ${name}`);
  const [store] = useState(() => {
    const made = createGraphStore();
    made.setState({ select: (selected) => made.setState({ selected }) });
    return made;
  });
  const query = useQuery(proposalQuery(of));
  const proposal = query.data;
  const since = search.since !== undefined && search.since < (proposal?.push ?? 0);
  const compared = useQuery({
    ...proposedQuery(of, since ? (search.since ?? 'base') : 'base', proposal?.push ?? 0),
    enabled: proposal !== undefined,
  });
  useEffect(() => {
    if (proposal) store.setState({ threads: openThreads(proposal) });
  }, [store, proposal]);

  if (!proposal) {
    return query.isError ? (
      <PageFailed error={query.error} reset={() => void query.refetch()} />
    ) : (
      <div className="page" aria-busy="true">
        <Skeleton width="40%" height={24} />
      </div>
    );
  }
  // What is still shown of the push before stays while the latest one is fetched.
  const shown = compared.data && !compared.isPlaceholderData ? proposal.push : null;
  const asText = search.view === 'text';
  const same = compared.data?.changes.length === 0 && compared.data.problem === null;
  return (
    <div className="execution-page proposal-page" data-testid="proposal" data-push={proposal.push}>
      <header className="page-header">
        <Link
          className="button button-ghost button-small"
          to="/proposals"
          search={{ which: 'all' }}
          aria-label="Back to all reviews"
        >
          <ArrowLeft aria-hidden="true" />
        </Link>
        <h1 className="ellipsis" title={proposal.title}>
          {proposal.title} <span className="muted">#{proposal.number}</span>
        </h1>
        <ProposalBadge status={proposal.status} />
        <span className="muted ellipsis proposal-facts">
          {proposal.author ?? 'somebody'}, push {proposal.push}
          {proposal.version !== null && `, version ${proposal.version}`}
          {proposal.closedBy !== null && `, by ${proposal.closedBy}`}
        </span>
        <span className="page-actions">
          <ProposalActions proposal={proposal} of={of} shown={shown} />
        </span>
      </header>
      <div className="proposal-bar">
        <span className="segments" role="group" aria-label="How to show what changed">
          {(['graph', 'text'] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={asText === (each === 'text')}
              onClick={() =>
                void navigate({
                  search: ({ since }) => ({
                    ...(since !== undefined && { since }),
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
        {proposal.push > 1 && (
          <label>
            Changes since{' '}
            <select
              className="input"
              value={since ? String(search.since) : ''}
              data-testid="since"
              onChange={({ target }) =>
                void navigate({
                  search: ({ view }) => ({
                    ...(view && { view }),
                    ...(target.value !== '' && { since: Number(target.value) }),
                  }),
                  replace: true,
                })
              }
            >
              <option value="">the beginning</option>
              {proposal.pushes.slice(0, -1).map((push) => (
                <option key={push.number} value={push.number}>
                  push {push.number}
                </option>
              ))}
            </select>
          </label>
        )}
        {proposal.status === 'OPEN' && (
          <Link to="/state-machines/$name/edit" params={{ name }}>
            Change it in the designer
          </Link>
        )}
      </div>
      <div className="execution-body stacked">
        <GraphProvider value={store}>
          <Split
            name="proposal-side"
            divider="vertical"
            initial={430}
            least={320}
            most={700}
            label="Width of the conversation"
            main={
              compared.isError ? (
                <PageFailed error={compared.error} reset={() => void compared.refetch()} />
              ) : !compared.data ? (
                <div className="graph-skeleton" aria-busy="true">
                  <Skeleton width={208} height={48} />
                </div>
              ) : same && asText ? (
                <EmptyState icon={Equal} title="The states are the same" />
              ) : (
                <Changed
                  key={`${search.since ?? ''} ${proposal.push}`}
                  comparison={compared.data}
                  asText={asText}
                  store={store}
                />
              )
            }
            panel={
              <Side
                proposal={proposal}
                of={of}
                comparison={compared.data}
                isShown={shown !== null}
                store={store}
              />
            }
          />
        </GraphProvider>
      </div>
    </div>
  );
}
