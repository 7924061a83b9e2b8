import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';

import {
  removeExecutionRole,
  executionRolesQuery,
  type ExecutionRole,
} from '@/api/execution-roles';
import { sessionQuery } from '@/api/session';
import { PageFailed } from '@/app/failures';
import { useTitle } from '@/app/title';
import { Button } from '@/ui/button';
import { EmptyState, Skeleton } from '@/ui/feedback';
import { RemoveDialog } from '@/ui/remove-dialog';
import { TimeAgo } from '@/ui/time';

import { summaryOf } from './policy';
import { RoleDialog } from './role-dialog';
import './roles.css';

/** What state machines may call and start when they run. */
export function RolesPage() {
  useTitle('Execution roles');
  const query = useQuery(executionRolesQuery);
  const { data: session } = useQuery(sessionQuery);
  const [open, setOpen] = useState<ExecutionRole | 'new' | null>(null);
  const [removing, setRemoving] = useState<ExecutionRole | null>(null);
  const locked = session?.permissions.includes('administer')
    ? null
    : 'Only an admin of the workspace may change this.';
  return (
    <div className="page">
      <header className="page-top">
        <div>
          <h1>Execution roles</h1>
          <p className="muted">
            A state machine may call and start what the policy of its role allows, and nothing else.
          </p>
        </div>
        <Button
          variant="primary"
          onClick={() => setOpen('new')}
          disabled={locked !== null}
          title={locked ?? undefined}
          data-testid="new-role"
        >
          <Plus />
          New role
        </Button>
      </header>
      {query.isError ? (
        <PageFailed error={query.error} reset={() => void query.refetch()} />
      ) : query.isPending ? (
        <ul className="row-list role-list" aria-busy="true" data-testid="loading">
          <li>
            <Skeleton width={140} />
            <Skeleton width={260} />
          </li>
        </ul>
      ) : query.data.length === 0 ? (
        <EmptyState icon={KeyRound} title="No execution roles yet">
          <p>
            State machines may do everything, whatever role they name, unless the installation
            refuses roles that nobody has saved (STEPWELL_UNKNOWN_ROLES).
          </p>
        </EmptyState>
      ) : (
        <ul className="row-list role-list">
          {query.data.map((role) => (
            <li key={role.arn} data-testid="role" data-role={role.name}>
              <button type="button" className="role-name" onClick={() => setOpen(role)}>
                {role.name}
              </button>
              <span className="muted ellipsis" title={summaryOf(role.policy)}>
                {summaryOf(role.policy)}
              </span>
              <span className="muted">
                <TimeAgo at={role.updateDate} />
                {role.updatedBy !== null && ` by ${role.updatedBy}`}
              </span>
              <Button
                size="small"
                onClick={() => setRemoving(role)}
                disabled={locked !== null}
                title={locked ?? undefined}
                data-testid="remove-role"
              >
                Remove…
              </Button>
            </li>
          ))}
        </ul>
      )}
      {open !== null && (
        <RoleDialog
          of={open === 'new' ? null : open}
          locked={locked}
          onClose={() => setOpen(null)}
        />
      )}
      {removing && (
        <RemoveDialog
          name={removing.name}
          description="State machines that name it run under a role that nobody knows: they may do everything, unless the installation refuses unknown roles."
          keep="Keep it"
          remove={() => removeExecutionRole(removing.name)}
          list={executionRolesQuery}
          onClose={() => setRemoving(null)}
        />
      )}
    </div>
  );
}
