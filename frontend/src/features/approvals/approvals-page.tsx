import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Inbox, MousePointerClick } from 'lucide-react';

import { approvalCountsQuery, approvalsQuery, type Approval } from '@/api/approvals';
import { PageFailed } from '@/app/failures';
import { type ApprovalsSearch, readApprovalsSearch } from '@/app/search';
import { useTitle } from '@/app/title';
import { Button } from '@/ui/button';
import { EmptyState, Skeleton } from '@/ui/feedback';
import { Split } from '@/ui/split';
import { TimeAgo } from '@/ui/time';

import '@/features/executions/pages.css';
import { ApprovalPane } from './approval-pane';
import { ApprovalStatus } from './approval-status';
import './approvals.css';

function Row({ approval, search }: { approval: Approval; search: ApprovalsSearch }) {
  const { id, title, execution, askedDate, deadline, closedDate, decidedBy, status } = approval;
  return (
    <li>
      <Link
        className="approval-row"
        to="/approvals"
        search={{ ...search, id }}
        replace
        data-testid="approval-row"
        data-id={id}
        data-status-word={status}
        aria-current={search.id === id ? 'true' : undefined}
      >
        <span className="approval-title ellipsis">{title}</span>
        {status !== 'OPEN' && <ApprovalStatus status={status} />}
        <span className="muted ellipsis">
          {execution.stateMachineName} <span className="mono">{execution.name}</span>
        </span>
        <span className="muted approval-when">
          {status === 'OPEN' ? (
            deadline === null ? (
              <TimeAgo at={askedDate} />
            ) : (
              `until ${new Date(deadline).toLocaleString()}`
            )
          ) : (
            <>
              {decidedBy} <TimeAgo at={closedDate ?? askedDate} />
            </>
          )}
        </span>
      </Link>
    </li>
  );
}

function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: [T, string, number | undefined][];
  onChange: (value: T) => void;
}) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {options.map(([each, word, count]) => (
        <button
          key={each}
          type="button"
          aria-pressed={value === each}
          onClick={() => onChange(each)}
          data-testid={`show-${each}`}
        >
          {word}
          {count !== undefined && count > 0 && <span className="approval-count">{count}</span>}
        </button>
      ))}
    </div>
  );
}

/** The inbox: what workflows ask of people, and what those have decided. */
export function ApprovalsPage() {
  useTitle('Approvals');
  const search: ApprovalsSearch = useSearch({
    from: '/approvals',
    // What an address says beside what is known of it comes through, too.
    select: readApprovalsSearch,
    structuralSharing: true,
  });
  const navigate = useNavigate({ from: '/approvals' });
  const show = search.show ?? 'open';
  const of = search.of ?? 'mine';
  const counts = useQuery(approvalCountsQuery);
  const query = useInfiniteQuery(approvalsQuery(show, of === 'mine'));
  const rows = query.data?.pages.flatMap(({ results }) => results) ?? [];
  const choose = (next: ApprovalsSearch) =>
    void navigate({
      search: { ...(next.show && { show: next.show }), ...(next.of && { of: next.of }) },
      replace: true,
    });
  return (
    <div className="approvals-page">
      <header className="approvals-top">
        <h1>Approvals</h1>
        <Choice
          label="Which approvals"
          value={show}
          options={[
            ['open', 'Open', undefined],
            ['decided', 'Closed', undefined],
          ]}
          onChange={(next) =>
            choose({
              ...(next === 'decided' && { show: next }),
              ...(search.of && { of: search.of }),
            })
          }
        />
        <Choice
          label="Whose approvals"
          value={of}
          options={[
            ['mine', 'Mine', show === 'open' ? counts.data?.mine : undefined],
            ['all', "Everybody's", show === 'open' ? counts.data?.open : undefined],
          ]}
          onChange={(next) =>
            choose({
              ...(search.show && { show: search.show }),
              ...(next === 'all' && { of: next }),
            })
          }
        />
      </header>
      <Split
        name="approval-pane"
        divider="vertical"
        initial={560}
        least={320}
        most={900}
        label="Width of the approval"
        main={
          <div className="approval-list">
            {query.isError && rows.length === 0 ? (
              <PageFailed error={query.error} reset={() => void query.refetch()} />
            ) : query.isPending ? (
              <div className="skeleton-rows" data-testid="loading" aria-busy="true">
                {[0, 1, 2, 3].map((each) => (
                  <Skeleton key={each} width="100%" height={36} />
                ))}
              </div>
            ) : rows.length === 0 ? (
              <EmptyState
                icon={Inbox}
                title={show === 'open' ? 'Nothing waits for a decision' : 'Nothing decided yet'}
              >
                {show === 'open' && 'A Task that asks a person puts its question here.'}
              </EmptyState>
            ) : (
              <ul aria-label="Approvals">
                {rows.map((approval) => (
                  <Row key={approval.id} approval={approval} search={search} />
                ))}
              </ul>
            )}
            {query.hasNextPage && (
              <div className="more">
                <Button
                  size="small"
                  onClick={() => void query.fetchNextPage()}
                  disabled={query.isFetchingNextPage}
                >
                  More
                </Button>
              </div>
            )}
          </div>
        }
        panel={
          search.id !== undefined ? (
            <ApprovalPane key={search.id} id={search.id} />
          ) : (
            rows.length > 0 && (
              <EmptyState icon={MousePointerClick} title="Choose a question">
                It is shown here with its context and its form.
              </EmptyState>
            )
          )
        }
      />
    </div>
  );
}
