import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { childrenQuery, type RelatedExecution } from '@/api/executions';
import type { State } from '@/asl/definition';
import type { Visit } from '@/history/model';
import { StatusGlyph, statusWord } from '@/ui/status';

/** A way to an execution that this one started, or that started this one. */
export function ExecutionLink({
  execution,
  testId,
}: {
  execution: RelatedExecution;
  testId: string;
}) {
  const { stateMachineName: machine, name, status } = execution;
  return (
    <Link
      className="execution-link"
      data-testid={testId}
      data-status={status}
      to="/executions/$machine/$name"
      params={{ machine, name }}
      title={`${machine}: ${name}, ${statusWord(status).toLowerCase()}`}
    >
      <StatusGlyph status={status} />
      <span className="ellipsis">
        {machine} <span className="mono muted">{name}</span>
      </span>
    </Link>
  );
}

/** The server tells of as many at once. */
const MOST_ATTEMPTS = 100;

/** The executions that a visit's attempts have started, where the Task starts any. */
export function ChildExecutions({
  machine,
  name,
  state,
  visit,
}: {
  machine: string;
  name: string;
  state: State;
  visit: Visit;
}) {
  const starts = state.Resource?.includes(':states:startExecution') ?? false;
  const tasks = visit.attempts.slice(-MOST_ATTEMPTS).map(({ scheduledBy }) => scheduledBy);
  const key = { machine, name };
  const known = visit.attempts.at(-1)?.startedAt !== null;
  const query = useQuery({
    ...childrenQuery(key, tasks, visit.status),
    enabled: starts && tasks.length > 0 && known,
  });
  const children = query.data?.results ?? [];
  if (!starts || children.length === 0) return null;
  return (
    <ul className="child-executions" aria-label="Executions that this state started">
      {children.map((child) => (
        <li key={child.task}>
          <ExecutionLink execution={child} testId="child-execution" />
        </li>
      ))}
    </ul>
  );
}
