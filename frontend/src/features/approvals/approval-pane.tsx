import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Workflow } from 'lucide-react';

import { approvalQuery, type Approval } from '@/api/approvals';
import { PageFailed } from '@/app/failures';
import { Skeleton } from '@/ui/feedback';
import { TimeAgo } from '@/ui/time';

import { ApprovalStatus } from './approval-status';
import { DecisionForm } from './decision-form';

const moment = (at: string) => new Date(at).toLocaleString();

function Outcome({ approval }: { approval: Approval }) {
  const { status, decidedBy, closedDate, via, reason, form, answers } = approval;
  if (status === 'CLOSED') {
    return (
      <p className="approval-outcome">
        It ended without a decision: its time was over, or the execution has gone on or ended.
      </p>
    );
  }
  if (status === 'OPEN') return null;
  const labels = new Map(form.map(({ name, label }) => [name, label]));
  return (
    <div className="approval-outcome" data-testid="approval-outcome">
      <p>
        {status === 'APPROVED' ? 'Approved' : 'Rejected'} by <strong>{decidedBy}</strong>
        {via === 'LINK' && ', by the link of a mail'}
        {closedDate !== null && (
          <>
            , <TimeAgo at={closedDate} />
          </>
        )}
      </p>
      {reason !== '' && <blockquote>{reason}</blockquote>}
      {Object.keys(answers).length > 0 && (
        <dl className="approval-facts">
          {Object.entries(answers).map(([name, value]) => (
            <div key={name}>
              <dt>{labels.get(name) ?? name}</dt>
              <dd>{value === true ? 'yes' : value === false ? 'no' : String(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function Asked({ approval }: { approval: Approval }) {
  const { execution, users, roles, emails, deadline, mailProblem } = approval;
  const asked = [...users, ...roles, ...emails];
  return (
    <>
      <header className="approval-heading">
        <h2>{approval.title}</h2>
        <ApprovalStatus status={approval.status} />
      </header>
      <p className="approval-from muted">
        <Workflow aria-hidden="true" />
        <Link
          to="/executions/$machine/$name"
          params={{ machine: execution.stateMachineName, name: execution.name }}
          search={{ state: approval.stateName }}
          data-testid="approval-execution"
        >
          {execution.stateMachineName} <span className="mono">{execution.name}</span>
        </Link>
        <span>at {approval.stateName}</span>
        <TimeAgo at={approval.askedDate} />
      </p>
      {approval.question !== '' && <p className="approval-question">{approval.question}</p>}
      {approval.context.length > 0 && (
        <dl className="approval-facts">
          {approval.context.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className="muted approval-who">
        {asked.length === 0 ? 'Asked of everybody' : `Asked of ${asked.join(', ')}`}
        {deadline !== null && `, until ${moment(deadline)}`}
      </p>
      {mailProblem !== '' && approval.status === 'OPEN' && (
        <p className="approval-mail" role="note">
          No mail went to some of those who are asked. {mailProblem}
        </p>
      )}
      <Outcome approval={approval} />
      {approval.mayDecide ? (
        <DecisionForm key={approval.id} approval={approval} />
      ) : (
        approval.status === 'OPEN' && (
          <p className="approval-outcome" data-testid="approval-others">
            This is for others to decide.
          </p>
        )
      )}
    </>
  );
}

/** One approval: what is asked, and the decision or the form for it. */
export function ApprovalPane({ id }: { id: number }) {
  const query = useQuery(approvalQuery(id));
  return (
    <section className="approval-pane" aria-label="Approval" data-testid="approval" data-id={id}>
      {query.data ? (
        <Asked approval={query.data} />
      ) : query.isError ? (
        <PageFailed error={query.error} reset={() => void query.refetch()} />
      ) : (
        <div className="skeleton-lines" aria-busy="true">
          <Skeleton width="50%" height={20} />
          <Skeleton width="70%" />
          <Skeleton width="100%" height={120} />
        </div>
      )}
    </section>
  );
}
