import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, Download, Redo2 } from 'lucide-react';
import { useState } from 'react';

import {
  mapRunQuery,
  mapRunResultsQuery,
  resultFile,
  type MapRun,
  type MapRunKey,
} from '@/api/map-runs';
import { executionQuery } from '@/api/executions';
import { PageFailed } from '@/app/failures';
import { type MapRunSearch, readMapRunSearch } from '@/app/search';
import { useTitle } from '@/app/title';
import { RedriveDialog } from '@/features/executions/dialogs';
import { Button } from '@/ui/button';
import { CopyButton, Skeleton } from '@/ui/feedback';
import { StatusPill, statusWord } from '@/ui/status';
import { duration, TimeAgo, useNow } from '@/ui/time';

import '@/features/executions/pages.css';
import '@/features/executions/list/executions.css';
import { ChildrenTable } from './children-table';
import { CountsPanel } from './counts-panel';
import { SettingsForm } from './settings-form';
import './map-runs.css';

const sizeWord = (bytes: number) =>
  bytes < 1024
    ? `${bytes} B`
    : bytes < 1024 ** 2
      ? `${(bytes / 1024).toFixed(1)} KiB`
      : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;

/** Where the results are written, with the files to download. */
function ResultsPanel({ of, run }: { of: MapRunKey; run: MapRun }) {
  const { data: results } = useQuery(mapRunResultsQuery(of, run.status));
  if (!results) return null;
  const address = `s3://${results.bucket}/${results.folder}/manifest.json`;
  return (
    <section className="run-results" aria-label="Results" data-testid="run-results">
      <h2>Results</h2>
      <p className="mono ellipsis" title={address}>
        {address} <CopyButton text={address} label="Copy the manifest's address" />
      </p>
      {results.isWritten ? (
        <ul>
          {[{ name: 'manifest.json', size: null }, ...results.files].map(({ name, size }) => (
            <li key={name}>
              <a href={resultFile(of, name)} download={name} data-testid="run-result-file">
                <Download aria-hidden="true" /> {name}
              </a>
              {size !== null && <span className="muted">{sizeWord(size)}</span>}
            </li>
          ))}
        </ul>
      ) : (
        <p className="muted">
          {run.status === 'RUNNING' ? 'Written when the run ends.' : 'No manifest is there.'}
        </p>
      )}
    </section>
  );
}

function Duration({ run }: { run: MapRun }) {
  const now = useNow(run.stopDate === null, 250);
  const end = run.stopDate === null ? now : Date.parse(run.stopDate);
  return <span>{duration(Math.max(0, end - Date.parse(run.startDate)))}</span>;
}

function Loaded({ of, run }: { of: MapRunKey; run: MapRun }) {
  const search: MapRunSearch = useSearch({
    from: '/map-runs/$machine/$label/$run',
    // What an address says beside what is known of it comes through, too.
    select: readMapRunSearch,
    structuralSharing: true,
  });
  const navigate = useNavigate({ from: '/map-runs/$machine/$label/$run' });
  const queries = useQueryClient();
  const [redriving, setRedriving] = useState(false);
  const name = run.executionArn.split(':').at(-1) ?? '';
  const parentKey = { machine: of.machine, name };
  const { data: parent } = useQuery(executionQuery(parentKey));
  const redrivable =
    run.status !== 'RUNNING' &&
    run.status !== 'SUCCEEDED' &&
    parent !== undefined &&
    parent.status !== 'RUNNING' &&
    parent.redriveStatusReason === null;
  const status = search.status ?? null;
  useTitle(statusWord(run.status), `Map Run ${run.label}`, of.machine);
  return (
    <div className="execution-page" data-testid="map-run" data-status={run.status}>
      <header className="page-header">
        <Link
          className="button button-ghost button-small"
          to="/executions/$machine/$name"
          params={parentKey}
          aria-label="Back to the execution"
        >
          <ArrowLeft aria-hidden="true" />
        </Link>
        <StatusPill status={run.status} testId="run-status" />
        <h1 className="ellipsis" title={run.mapRunArn}>
          {run.label}
        </h1>
        <CopyButton text={run.mapRunArn} label="Copy ARN" />
        <span className="page-facts muted">
          <Duration run={run} />
          <span>
            started <TimeAgo at={run.startDate} />
          </span>
          <span>{run.executionType === 'EXPRESS' ? 'Express children' : 'Standard children'}</span>
          <span className="ellipsis">
            of{' '}
            <Link
              to="/executions/$machine/$name"
              params={parentKey}
              className="mono"
              data-testid="run-execution"
            >
              {name}
            </Link>
          </span>
          {run.redriveCount > 0 && <span>redriven {run.redriveCount}×</span>}
        </span>
        <span className="page-actions">
          {redrivable && (
            <Button onClick={() => setRedriving(true)} data-testid="run-redrive">
              <Redo2 />
              Redrive
            </Button>
          )}
        </span>
      </header>
      {run.error !== null && (
        <p className="run-error" role="note" data-testid="run-error">
          <strong>{run.error}</strong> {run.cause}
        </p>
      )}
      <div className="run-top">
        <div className="run-figures">
          <CountsPanel title="Items" counts={run.itemCounts} testId="item-counts" />
          <CountsPanel
            title="Executions"
            counts={run.executionCounts}
            chosen={status}
            onChoose={(next) =>
              void navigate({ search: next === null ? {} : { status: next }, replace: true })
            }
            testId="execution-counts"
          />
        </div>
        <SettingsForm of={of} run={run} />
        <ResultsPanel of={of} run={run} />
      </div>
      <ChildrenTable
        key={status ?? 'all'}
        of={of}
        status={status}
        live={run.status === 'RUNNING'}
        opens={run.executionType === 'STANDARD'}
      />
      <RedriveDialog
        execution={parentKey}
        open={redriving}
        onClose={() => {
          setRedriving(false);
          void queries.invalidateQueries({ queryKey: ['map-run'] });
        }}
      />
    </div>
  );
}

/** One run of a distributed Map: its counts, what it works by, and its children. */
export function MapRunPage() {
  const of = useParams({ from: '/map-runs/$machine/$label/$run' });
  const query = useQuery(mapRunQuery(of));
  if (query.data) return <Loaded key={of.run} of={of} run={query.data} />;
  if (query.isError) {
    return <PageFailed error={query.error} reset={() => void query.refetch()} />;
  }
  return (
    <div className="execution-page" aria-busy="true" data-testid="loading">
      <header className="page-header">
        <Skeleton width={96} height={24} />
        <Skeleton width={220} height={18} />
      </header>
      <div className="run-top">
        <Skeleton width="60%" height={110} />
      </div>
    </div>
  );
}
