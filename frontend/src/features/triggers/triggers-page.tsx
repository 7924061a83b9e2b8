import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';

import { sessionQuery } from '@/api/session';
import { stateMachineQuery } from '@/api/state-machines';
import { startsQuery } from '@/api/triggers';
import { PageFailed } from '@/app/failures';
import { useTitle } from '@/app/title';
import { TimeAgo } from '@/ui/time';

import { Endpoints } from './endpoints';
import { Rules } from './rules';
import { Schedules } from './schedules';
import { Section } from './section';
import { Webhooks } from './webhooks';
import './triggers.css';

const WORDS = { PENDING: 'To be started', STARTED: 'Started', FAILED: 'Not started' };

function Starts({ machine }: { machine: string }) {
  const query = useQuery(startsQuery(machine));
  return (
    <Section
      title="What they started"
      about="The latest hundred executions that schedules and rules wanted, failures among them."
      query={query}
      none="Nothing yet."
      testId="starts"
      row={(each) => (
        <li key={each.id} className="trigger-row" data-testid="start">
          <span className="trigger-name">
            {WORDS[each.status]}
            <span className="muted">
              by {each.rule ?? each.schedule ?? 'a trigger'}, <TimeAgo at={each.createdAt} />
            </span>
          </span>
          <span className="trigger-facts">
            {each.status === 'STARTED' ? (
              <Link
                to="/executions/$machine/$name"
                params={{ machine, name: each.executionName }}
                className="mono"
              >
                {each.executionName}
              </Link>
            ) : (
              <span className="trigger-problem">{each.error}</span>
            )}
          </span>
        </li>
      )}
    />
  );
}

/** Where a state machine's log events go, as its loggingConfiguration says. */
function LogDestination({ configuration }: { configuration: Record<string, unknown> }) {
  const level = typeof configuration.level === 'string' ? configuration.level : 'OFF';
  const destinations = configuration.destinations as
    { cloudWatchLogsLogGroup?: { logGroupArn?: string } }[] | undefined;
  const groups = (destinations ?? []).map(
    ({ cloudWatchLogsLogGroup }) => cloudWatchLogsLogGroup?.logGroupArn ?? '',
  );
  return (
    <section className="trigger-section" aria-labelledby="logs-title">
      <header className="trigger-head">
        <div>
          <h2 id="logs-title">Logs</h2>
          <p className="muted">What is logged of executions, by the loggingConfiguration.</p>
        </div>
      </header>
      <div className="trigger-list trigger-row" data-testid="logs">
        <span className="trigger-name">
          {level === 'OFF' ? 'Nothing is logged' : `Level ${level}`}
        </span>
        {level !== 'OFF' && (
          <span className="trigger-facts">
            {groups.map((group) => (
              <code key={group}>{group}</code>
            ))}{' '}
            {configuration.includeExecutionData === true ? 'with' : 'without'} inputs and outputs
          </span>
        )}
      </div>
    </section>
  );
}

/** What starts a state machine from outside, and who hears of its executions. */
export function TriggersPage() {
  const { name } = useParams({ from: '/state-machines/$name/triggers' });
  useTitle(`Triggers of ${name}`);
  const { data: machine, error, refetch } = useQuery(stateMachineQuery(name));
  const { data: session } = useQuery(sessionQuery);
  const locked = session?.permissions.includes('deploy')
    ? null
    : 'Your role may not change what starts a state machine.';
  if (error && !machine) return <PageFailed error={error} reset={() => void refetch()} />;
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
        <h1 className="ellipsis">Triggers of {name}</h1>
      </header>
      <div className="execution-body triggers">
        <Schedules machine={name} locked={locked} />
        <Rules machine={name} locked={locked} />
        <Endpoints machine={name} locked={locked} />
        <Webhooks machine={name} locked={locked} />
        {machine && <LogDestination configuration={machine.loggingConfiguration} />}
        <Starts machine={name} />
      </div>
    </div>
  );
}
