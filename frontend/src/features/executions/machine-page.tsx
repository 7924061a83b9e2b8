import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import {
  FileWarning,
  FlaskConical,
  GitCompareArrows,
  History,
  PencilRuler,
  Zap,
} from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';

import { executionsQuery, type ListedStatus } from '@/api/executions';
import { stateMachineQuery, type StateMachine } from '@/api/state-machines';
import { parseDefinition } from '@/asl/definition';
import { layOutDefinition } from '@/asl/layout/graph-layout';
import { PageFailed } from '@/app/failures';
import { readMachineSearch } from '@/app/search';
import { useTitle } from '@/app/title';
import { Button } from '@/ui/button';
import { CopyButton, EmptyState, Skeleton } from '@/ui/feedback';
import { prettyJson } from '@/ui/json-text';
import { Split } from '@/ui/split';
import { StatusPill, statusWord } from '@/ui/status';
import { duration, TimeAgo, useNow } from '@/ui/time';

import { DebugStartButton } from './debugger/debug-start-button';
import { useKeptBreakpoints } from './debugger/kept-breakpoints';
import { PausedBadge } from './debugger/paused-badge';
import { StartDialog } from './dialogs';
import { Graph } from './graph';
import { createGraphStore, GraphProvider } from '@/features/graph/graph-store';
import { StartButton } from './start-button';
import './pages.css';

const FILTERS: (ListedStatus | 'paused' | null)[] = [
  null,
  'RUNNING',
  'paused',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'ABORTED',
];

const filterWord = (filter: ListedStatus | 'paused' | null) =>
  filter === null ? 'All' : filter === 'paused' ? 'Paused' : statusWord(filter);

function Executions({ machine }: { machine: string }) {
  const { status = null } = useSearch({
    from: '/state-machines/$name',
    // What an address says beside what is known of it comes through, too.
    select: readMachineSearch,
    structuralSharing: true,
  });
  const navigate = useNavigate({ from: '/state-machines/$name' });
  const query = useInfiniteQuery(executionsQuery(machine, status));
  const executions = query.data?.pages.flatMap(({ results }) => results) ?? [];
  const now = useNow(executions.some((each) => each.stopDate === null));
  const filter = (next: ListedStatus | 'paused' | null) =>
    void navigate({
      search: ({ view }) => ({ ...(view && { view }), ...(next && { status: next }) }),
      replace: true,
    });
  return (
    <section className="executions" aria-label="Executions">
      <header className="events-header">
        <h2>Executions</h2>
        <div className="segments" role="group" aria-label="Which executions">
          {FILTERS.map((each) => (
            <button
              key={each ?? 'all'}
              type="button"
              aria-pressed={status === each}
              onClick={() => filter(each)}
            >
              {filterWord(each)}
            </button>
          ))}
        </div>
      </header>
      <div className="executions-rows">
        {query.isError && executions.length === 0 ? (
          <PageFailed error={query.error} reset={() => void query.refetch()} />
        ) : query.isPending ? (
          <div className="skeleton-rows" data-testid="loading">
            {[0, 1, 2, 3].map((each) => (
              <Skeleton key={each} width="100%" height={20} />
            ))}
          </div>
        ) : executions.length === 0 ? (
          <EmptyState
            icon={History}
            title={status === null ? 'Never run' : `None ${filterWord(status).toLowerCase()}`}
          >
            {status === null && 'Start an execution and it appears here.'}
          </EmptyState>
        ) : (
          <ul>
            {executions.map((each) => (
              <li key={each.executionArn}>
                <Link
                  className="execution-row"
                  data-testid="execution-row"
                  to="/executions/$machine/$name"
                  params={{ machine, name: each.name }}
                >
                  <StatusPill status={each.status} />
                  <span className="execution-name">
                    <span className="mono ellipsis">{each.name}</span>
                    <PausedBadge paused={each.paused} />
                  </span>
                  <span className="muted">
                    {duration(
                      (each.stopDate === null ? now : Date.parse(each.stopDate)) -
                        Date.parse(each.startDate),
                    )}
                  </span>
                  <span className="muted">
                    <TimeAgo at={each.startDate} />
                  </span>
                </Link>
              </li>
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
              Older executions
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}

function DefinitionView({ machine }: { machine: StateMachine }) {
  const { view } = useSearch({
    from: '/state-machines/$name',
    select: readMachineSearch,
    structuralSharing: true,
  });
  const navigate = useNavigate({ from: '/state-machines/$name' });
  const [store] = useState(createGraphStore);
  useEffect(() => store.setState({ select: (selected) => store.setState({ selected }) }), [store]);
  const parsed = useMemo(() => parseDefinition(machine.definition), [machine.definition]);
  const layout = useMemo(() => (parsed.ok ? layOutDefinition(parsed.definition) : null), [parsed]);
  useKeptBreakpoints(machine.name, store);
  const show = (next: 'definition' | undefined) =>
    void navigate({
      search: ({ status }) => ({ ...(status && { status }), ...(next && { view: next }) }),
      replace: true,
    });
  return (
    <div className="definition-view">
      <div className="segments definition-switch" role="group" aria-label="How to show it">
        <button type="button" aria-pressed={!view} onClick={() => show(undefined)}>
          Graph
        </button>
        <button
          type="button"
          aria-pressed={view === 'definition'}
          onClick={() => show('definition')}
          data-testid="show-definition"
        >
          Definition
        </button>
      </div>
      {view === 'definition' ? (
        <div className="definition-text">
          <div className="definition-copy">
            <CopyButton text={machine.definition} label="Copy definition" />
          </div>
          {/* A region that scrolls must be reachable with the keyboard. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre data-testid="definition-text" tabIndex={0}>
            {prettyJson(machine.definition)}
          </pre>
        </div>
      ) : layout ? (
        <GraphProvider value={store}>
          <Graph layout={layout} label={`Graph of ${machine.name}`} />
        </GraphProvider>
      ) : (
        <EmptyState icon={FileWarning} title="The definition cannot be read" tone="error">
          {parsed.ok ? '' : parsed.message}
        </EmptyState>
      )}
    </div>
  );
}

/** One state machine: its definition, drawn and as text, and its executions. */
export function MachinePage() {
  const { name } = useParams({ from: '/state-machines/$name' });
  const { data: machine, error, refetch } = useQuery(stateMachineQuery(name));
  const [starting, setStarting] = useState(false);
  useTitle(name);
  if (error && !machine) return <PageFailed error={error} reset={() => void refetch()} />;
  return (
    <div className="execution-page">
      <header className="page-header">
        <h1 className="ellipsis">{name}</h1>
        {machine && (
          <>
            <span className="type-badge">{machine.type.toLowerCase()}</span>
            <span className="page-facts muted ellipsis">{machine.description}</span>
            <span className="page-actions">
              {machine.type !== 'EXPRESS' && (
                <Link
                  className="button button-secondary button-medium"
                  to="/state-machines/$name/what-if"
                  params={{ name }}
                  data-testid="what-if"
                >
                  <FlaskConical aria-hidden="true" />
                  What if
                </Link>
              )}
              <Link
                className="button button-secondary button-medium"
                to="/state-machines/$name/versions"
                params={{ name }}
                data-testid="versions"
              >
                <GitCompareArrows aria-hidden="true" />
                Versions
              </Link>
              <Link
                className="button button-secondary button-medium"
                to="/state-machines/$name/triggers"
                params={{ name }}
                data-testid="triggers"
              >
                <Zap aria-hidden="true" />
                Triggers
              </Link>
              <Link
                className="button button-secondary button-medium"
                to="/state-machines/$name/edit"
                params={{ name }}
                data-testid="edit"
              >
                <PencilRuler aria-hidden="true" />
                Edit
              </Link>
              <Button onClick={() => setStarting(true)} data-testid="start-with">
                Start with…
              </Button>
              <DebugStartButton machine={name} sampleInput={machine.sampleInput} />
              <StartButton machine={name} sampleInput={machine.sampleInput} primary />
            </span>
            <StartDialog
              machine={name}
              input={machine.sampleInput ?? '{}'}
              open={starting}
              onClose={() => setStarting(false)}
            />
          </>
        )}
      </header>
      <div className="execution-body">
        <Split
          name="machine-executions"
          divider="vertical"
          initial={560}
          least={320}
          most={1000}
          label="Width of the list of executions"
          main={
            machine ? (
              <DefinitionView key={machine.revisionId} machine={machine} />
            ) : (
              <div className="graph-skeleton" aria-busy="true">
                {[0, 1, 2, 3].map((each) => (
                  <Skeleton key={each} width={208} height={48} />
                ))}
              </div>
            )
          }
          panel={<Executions machine={name} />}
        />
      </div>
    </div>
  );
}
