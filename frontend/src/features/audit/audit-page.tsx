import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Link2, ScrollText, SearchX } from 'lucide-react';
import { useCallback } from 'react';

import { auditExport, auditQuery, type AuditEntry, type AuditFilter } from '@/api/audit';
import { PageFailed } from '@/app/failures';
import { type AuditSearch, readAuditSearch } from '@/app/search';
import { useTitle } from '@/app/title';
import { Button } from '@/ui/button';
import { EmptyState, Skeleton } from '@/ui/feedback';

import { actionWords, isAction, shortSubject } from './actions';
import { Filters } from './filters';
import './audit.css';

function who({ actor, actorKind }: AuditEntry): string {
  if (actor !== '') return actor;
  return actorKind === 'USER' ? 'nobody' : 'somebody';
}

function Entry({ of }: { of: AuditEntry }) {
  const { details, subject, sequence, hash } = of;
  return (
    <li data-testid="audit-entry" data-action={of.action} data-subject={subject}>
      <details className="audit-entry">
        <summary>
          <time dateTime={of.at}>{new Date(of.at).toLocaleString()}</time>
          <span className="ellipsis">
            <strong>{who(of)}</strong>
            {of.accessKeyId !== '' && <span className="muted"> by key</span>}
          </span>
          <span>{actionWords(of.action)}</span>
          <span className="mono ellipsis" title={subject}>
            {shortSubject(subject)}
          </span>
          <span className="muted mono">{of.address}</span>
        </summary>
        <dl>
          <dt>Object</dt>
          <dd className="mono">{subject}</dd>
          {Object.entries(details).map(([name, value]) => (
            <div key={name} className="audit-detail">
              <dt>{name}</dt>
              <dd className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
            </div>
          ))}
          {of.accessKeyId !== '' && (
            <>
              <dt>Access key</dt>
              <dd className="mono">{of.accessKeyId}</dd>
            </>
          )}
          {of.requestId !== '' && (
            <>
              <dt>Request</dt>
              <dd className="mono">{of.requestId}</dd>
            </>
          )}
          <dt>Chain</dt>
          <dd className="mono">
            {sequence === null ? 'sealed within a few seconds' : `${sequence} · ${hash}`}
          </dd>
        </dl>
      </details>
    </li>
  );
}

const asFilter = ({ action, ...others }: AuditSearch): AuditFilter => ({
  ...others,
  ...(isAction(action) && { action }),
});

/** Who did what, the latest first. Nothing in it can be changed. */
export function AuditPage() {
  useTitle('Audit trail');
  const search: AuditSearch = useSearch({
    from: '/audit',
    // What an address says beside what is known of it comes through, too.
    select: readAuditSearch,
    structuralSharing: true,
  });
  const navigate = useNavigate({ from: '/audit' });
  const change = useCallback(
    (next: (before: AuditSearch) => AuditSearch) => void navigate({ search: next, replace: true }),
    [navigate],
  );
  const filter = asFilter(search);
  const query = useInfiniteQuery(auditQuery(filter));
  const pages = query.data?.pages;
  const entries = pages?.flatMap(({ results }) => results) ?? [];
  const searchedTo = pages?.at(-1)?.searchedTo ?? null;
  const isFiltered = Object.keys(search).length > 0;
  return (
    <div className="audit-page">
      <header className="audit-top">
        <div>
          <h1>Audit trail</h1>
          <p className="muted">
            <Link2 aria-hidden="true" /> Append-only and chained by hashes:{' '}
            <code>verify_audit</code> checks it.
          </p>
        </div>
        <div className="audit-exports">
          {(['jsonl', 'csv'] as const).map((form) => (
            <a
              key={form}
              className="button button-secondary button-small"
              href={auditExport(filter, form)}
              download
              data-testid={`export-${form}`}
            >
              <Download aria-hidden="true" />
              {form === 'csv' ? 'CSV' : 'JSON Lines'}
            </a>
          ))}
        </div>
      </header>
      <Filters search={search} change={change} />
      {query.isError ? (
        <PageFailed error={query.error} reset={() => void query.refetch()} />
      ) : query.isPending ? (
        <div className="skeleton-rows" data-testid="loading" aria-busy="true">
          {[0, 1, 2, 3, 4, 5].map((each) => (
            <Skeleton key={each} width="100%" height={20} />
          ))}
        </div>
      ) : entries.length === 0 && !query.hasNextPage ? (
        <EmptyState
          icon={isFiltered ? SearchX : ScrollText}
          title={isFiltered ? 'Nothing matches' : 'Nothing has been done yet'}
        >
          {isFiltered ? 'Take a filter away, or look further back in time.' : ''}
        </EmptyState>
      ) : (
        <>
          <ul className="audit-list" aria-label="What was done, the latest first">
            {entries.map((entry) => (
              <Entry key={entry.id} of={entry} />
            ))}
          </ul>
          {query.hasNextPage && (
            <p className="audit-more">
              {searchedTo !== null && (
                <span className="muted">
                  Searched back to {new Date(searchedTo).toLocaleString()}
                </span>
              )}
              <Button
                size="small"
                disabled={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {query.isFetchingNextPage ? 'Looking…' : 'Look further back'}
              </Button>
            </p>
          )}
        </>
      )}
    </div>
  );
}
