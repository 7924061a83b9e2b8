import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Search, SearchX, Workflow } from 'lucide-react';
import { useEffect, useState } from 'react';

import type { ListedStatus } from '@/api/executions';
import { stateMachinesQuery, type StateMachineSummary } from '@/api/state-machines';
import { PageFailed } from '@/app/failures';
import { type MachinesSearch, readMachinesSearch } from '@/app/search';
import { useTitle } from '@/app/title';
import { Button } from '@/ui/button';
import { EmptyState, Skeleton } from '@/ui/feedback';
import { StatusGlyph, statusWord } from '@/ui/status';
import { TimeAgo } from '@/ui/time';

import { StartDialog } from './dialogs';
import { StartButton } from './start-button';
import './pages.css';

const COUNTED: ListedStatus[] = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];
const DEBOUNCE_MS = 200;

function Counts({ machine }: { machine: StateMachineSummary }) {
  const shown = COUNTED.filter((status) => machine.executionCounts[status] > 0);
  if (shown.length === 0) return <span className="muted">never run</span>;
  return (
    <span className="counts">
      {shown.map((status) => (
        <Link
          key={status}
          to="/state-machines/$name"
          params={{ name: machine.name }}
          search={{ status }}
          data-status={status}
          className="count"
          title={`${machine.executionCounts[status]} ${statusWord(status).toLowerCase()}`}
        >
          <StatusGlyph status={status} size={12} />
          {machine.executionCounts[status].toLocaleString('en')}
        </Link>
      ))}
    </span>
  );
}

/** The latest executions as glyphs, newest on the right where time ends. */
function Latest({ machine }: { machine: StateMachineSummary }) {
  return (
    <span className="latest">
      {machine.latestExecutions.toReversed().map(({ name, status, startDate }) => (
        <Link
          key={name}
          to="/executions/$machine/$name"
          params={{ machine: machine.name, name }}
          title={`${name}, ${statusWord(status).toLowerCase()}, ${new Date(startDate).toLocaleString()}`}
        >
          <StatusGlyph status={status} size={14} />
        </Link>
      ))}
    </span>
  );
}

function MachineRow({
  machine,
  onStartWith,
}: {
  machine: StateMachineSummary;
  onStartWith: (machine: StateMachineSummary) => void;
}) {
  const [latest] = machine.latestExecutions;
  return (
    <li className="machine-row" data-testid="machine-row" data-machine={machine.name}>
      <div className="machine-name">
        <Link to="/state-machines/$name" params={{ name: machine.name }}>
          {machine.name}
        </Link>
        <span className="type-badge">{machine.type.toLowerCase()}</span>
        <p className="muted ellipsis" title={machine.description}>
          {machine.description || 'No comment'}
        </p>
      </div>
      <Counts machine={machine} />
      <div className="machine-latest">
        <Latest machine={machine} />
        {latest && (
          <span className="muted">
            <TimeAgo at={latest.startDate} />
          </span>
        )}
      </div>
      <div className="machine-actions">
        <Button
          variant="ghost"
          size="small"
          onClick={() => onStartWith(machine)}
          data-testid="start-with"
        >
          Start with…
        </Button>
        <StartButton machine={machine.name} sampleInput={machine.sampleInput} />
      </div>
    </li>
  );
}

function SkeletonRows() {
  return (
    <ul className="machine-list" aria-busy="true" data-testid="loading">
      {[0, 1, 2].map((each) => (
        <li key={each} className="machine-row">
          <div className="machine-name">
            <Skeleton width={140} />
            <p>
              <Skeleton width={280} />
            </p>
          </div>
          <Skeleton width={120} />
          <Skeleton width={160} />
          <Skeleton width={120} height={26} />
        </li>
      ))}
    </ul>
  );
}

const EXAMPLE = [
  'aws stepfunctions create-state-machine --name hello \\',
  '  --definition file://hello.asl.json \\',
  '  --role-arn arn:aws:iam::123456789012:role/any',
].join('\n');

function Nothing({ search }: { search: string }) {
  if (search !== '') {
    return (
      <EmptyState icon={SearchX} title={`No state machine matches “${search}”`}>
        <Link to="/">Show all of them</Link>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={Workflow} title="No state machines yet">
      <p>Create one with any AWS client pointed at this server, and it appears here.</p>
      <pre className="empty-example">{EXAMPLE}</pre>
    </EmptyState>
  );
}

/** All state machines, with how their executions fare. */
export function MachinesPage() {
  useTitle('State machines');
  const { search = '' }: MachinesSearch = useSearch({
    from: '/',
    // What an address says beside what is known of it comes through, too.
    select: readMachinesSearch,
    structuralSharing: true,
  });
  const navigate = useNavigate({ from: '/' });
  const [text, setText] = useState(search);
  const [startWith, setStartWith] = useState<StateMachineSummary | null>(null);
  const query = useInfiniteQuery(stateMachinesQuery(search));
  const machines = query.data?.pages.flatMap(({ results }) => results) ?? [];

  useEffect(() => {
    if (text === search) return;
    const timer = setTimeout(
      () => void navigate({ search: text === '' ? {} : { search: text }, replace: true }),
      DEBOUNCE_MS,
    );
    return () => clearTimeout(timer);
  }, [text, search, navigate]);

  return (
    <div className="page">
      <header className="page-top">
        <h1>State machines</h1>
        <label className="page-search">
          <Search aria-hidden="true" />
          <span className="visually-hidden">Search state machines</span>
          <input
            type="search"
            className="input"
            placeholder="Search"
            data-shortcut="search"
            data-testid="machine-search"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          <kbd>/</kbd>
        </label>
        <Link className="button button-primary button-medium" to="/new" data-testid="new">
          New workflow
        </Link>
      </header>
      {query.isError && machines.length === 0 ? (
        <PageFailed error={query.error} reset={() => void query.refetch()} />
      ) : query.isPending ? (
        <SkeletonRows />
      ) : machines.length === 0 ? (
        <Nothing search={search} />
      ) : (
        <ul className="machine-list">
          {machines.map((machine) => (
            <MachineRow key={machine.name} machine={machine} onStartWith={setStartWith} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
          More
        </Button>
      )}
      <StartDialog
        machine={startWith?.name ?? ''}
        input={startWith?.sampleInput ?? '{}'}
        open={startWith !== null}
        onClose={() => setStartWith(null)}
      />
    </div>
  );
}
