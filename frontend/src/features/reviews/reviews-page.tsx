import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { CheckCheck, GitPullRequest, MessageSquare } from 'lucide-react';

import { proposalsQuery, type Check, type ProposalSummary, type Which } from '@/api/reviews';
import { PageFailed } from '@/app/failures';
import { readReviewsSearch, REVIEWS_OF, type ReviewsSearch } from '@/app/search';
import { useTitle } from '@/app/title';
import { Button } from '@/ui/button';
import { EmptyState, Skeleton } from '@/ui/feedback';
import { TimeAgo } from '@/ui/time';

import '@/features/executions/pages.css';
import { CheckSign, ProposalBadge } from './badges';
import './reviews.css';

const WORDS: Record<Which, string> = { review: 'To review', mine: 'Mine', all: 'All' };

function Row({ proposal }: { proposal: ProposalSummary }) {
  const { stateMachine, number, title, status, author, openThreads, approvals } = proposal;
  return (
    <li className="review-row" data-testid="proposal-row" data-number={number}>
      <ProposalBadge status={status} />
      <span className="review-what">
        <Link
          to="/state-machines/$name/proposals/$number"
          params={{ name: stateMachine, number: String(number) }}
          className="review-title"
        >
          {title}
        </Link>
        <span className="muted">
          {stateMachine} #{number} · {author ?? 'somebody'} · <TimeAgo at={proposal.updateDate} />
          {proposal.version !== null && ` · version ${proposal.version}`}
        </span>
      </span>
      <span className="review-facts">
        {proposal.changesRequested && (
          <span className="tone-badge" data-status="CAUGHT">
            Changes asked for
          </span>
        )}
        {approvals > 0 && (
          <span className="tone-badge" data-status="SUCCEEDED">
            {approvals === 1 ? 'Approved' : `${approvals} approvals`}
          </span>
        )}
        {Object.entries(proposal.checks).map(([kind, check]) => (
          <CheckSign key={kind} kind={kind as Check['kind']} status={check} />
        ))}
        {openThreads > 0 && (
          <span className="review-threads muted" title={`${openThreads} open threads`}>
            <MessageSquare aria-hidden="true" />
            {openThreads}
            <span className="visually-hidden"> open threads</span>
          </span>
        )}
      </span>
    </li>
  );
}

function Nothing({ which }: { which: Which }) {
  if (which === 'review') {
    return (
      <EmptyState icon={CheckCheck} title="Nothing waits for your review">
        When somebody asks for it, the proposal stands here until you have said your word.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={GitPullRequest} title="No proposals here">
      Open a state machine in the designer, change it, and choose “Propose…” beside Publish.
    </EmptyState>
  );
}

/** Changes that are reviewed: those that wait for one's word, one's own, and all. */
export function ReviewsPage() {
  useTitle('Reviews');
  const search: ReviewsSearch = useSearch({
    from: '/proposals',
    // What an address says beside what is known of it comes through, too.
    select: readReviewsSearch,
    structuralSharing: true,
  });
  const navigate = useNavigate({ from: '/proposals' });
  const which = search.which ?? 'review';
  const closed = search.closed === true && which !== 'review';
  const list = useInfiniteQuery(proposalsQuery(which, closed));
  const proposals = list.data?.pages.flatMap(({ results }) => results) ?? [];
  const toReview = list.data?.pages[0]?.toReview ?? 0;
  return (
    <div className="page">
      <div className="page-top">
        <h1>Reviews</h1>
        <span className="segments" role="group" aria-label="Which proposals">
          {REVIEWS_OF.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={which === each}
              data-testid={`reviews-${each}`}
              onClick={() =>
                void navigate({
                  search: {
                    ...(each !== 'review' && { which: each }),
                    ...(search.closed && { closed: true as const }),
                  },
                  replace: true,
                })
              }
            >
              {WORDS[each]}
              {each === 'review' && toReview > 0 && ` (${toReview})`}
            </button>
          ))}
        </span>
        <label className="review-closed">
          <input
            type="checkbox"
            checked={closed}
            disabled={which === 'review'}
            onChange={({ target }) =>
              void navigate({
                search: ({ which }) => ({
                  ...(which && { which }),
                  ...(target.checked && { closed: true as const }),
                }),
                replace: true,
              })
            }
          />
          Closed ones, too
        </label>
      </div>
      {list.isError && proposals.length === 0 ? (
        <PageFailed error={list.error} reset={() => void list.refetch()} />
      ) : list.isPending ? (
        <div aria-busy="true" className="review-list">
          {[0, 1, 2].map((each) => (
            <div key={each} className="review-row">
              <Skeleton width="40%" />
            </div>
          ))}
        </div>
      ) : proposals.length === 0 ? (
        <Nothing which={which} />
      ) : (
        <ol className="review-list">
          {proposals.map((each) => (
            <Row key={`${each.stateMachine}#${each.number}`} proposal={each} />
          ))}
        </ol>
      )}
      {list.hasNextPage && (
        <div className="more">
          <Button
            size="small"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Older proposals
          </Button>
        </div>
      )}
    </div>
  );
}
