import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { UserMinus, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';

import { removeMember, setRole, membersQuery, type Member, type Role } from '@/api/members';
import { sessionQuery } from '@/api/session';
import { PageFailed } from '@/app/failures';
import { useTitle } from '@/app/title';
import { Button } from '@/ui/button';
import { EmptyState, Skeleton, toast } from '@/ui/feedback';
import { RemoveDialog } from '@/ui/remove-dialog';
import { TimeAgo } from '@/ui/time';

import { AddDialog } from './add-dialog';
import { RoleSelect } from './role-select';
import { PURPOSE, ROLES } from './roles';
import './members.css';

interface RowProps {
  of: Member;
  isYou: boolean;
  /** Why nothing may be changed; null: it may. */
  locked: string | null;
  onRemove: () => void;
}

function Row({ of, isYou, locked, onRemove }: RowProps) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (role: Role) => setRole(of.username, role),
    onSettled: () => {
      void queries.invalidateQueries(membersQuery);
      if (isYou) void queries.invalidateQueries(sessionQuery);
    },
    onError: (error) => toast('error', error.message),
  });
  return (
    <li data-testid="member" data-member={of.username}>
      <span className="ellipsis">
        {of.username}
        {isYou && <span className="muted"> (you)</span>}
        {!of.isActive && <span className="muted"> (cannot sign in)</span>}
      </span>
      <span className="muted">
        {of.lastSignIn === null ? (
          'Never signed in'
        ) : (
          <>
            Signed in <TimeAgo at={of.lastSignIn} />
          </>
        )}
      </span>
      {locked === null ? (
        <RoleSelect
          label={`Role of ${of.username}`}
          value={change.isPending ? change.variables : of.role}
          disabled={change.isPending}
          onChange={change.mutate}
        />
      ) : (
        <span title={PURPOSE[of.role]}>{of.role}</span>
      )}
      <Button
        size="small"
        onClick={onRemove}
        disabled={locked !== null}
        title={locked ?? undefined}
        data-testid="remove-member"
      >
        Remove…
      </Button>
    </li>
  );
}

/** Who belongs to the workspace, and as what. */
export function MembersPage() {
  useTitle('Members');
  const query = useQuery(membersQuery);
  const { data: session } = useQuery(sessionQuery);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Member | null>(null);
  const locked = session?.permissions.includes('administer')
    ? null
    : 'Only an admin of the workspace may change this.';
  return (
    <div className="page">
      <header className="page-top">
        <div>
          <h1>Members</h1>
          <p className="muted">
            Who belongs to {session?.workspace ?? 'the workspace'}, account {session?.accountId},
            and what they may do in it.
          </p>
        </div>
        <Button
          variant="primary"
          onClick={() => setAdding(true)}
          disabled={locked !== null}
          title={locked ?? undefined}
          data-testid="add-member"
        >
          <UserPlus />
          Add member
        </Button>
      </header>
      {query.isError ? (
        <PageFailed error={query.error} reset={() => void query.refetch()} />
      ) : query.isPending ? (
        <ul className="row-list member-list" aria-busy="true" data-testid="loading">
          <li>
            <Skeleton width={140} />
            <Skeleton width={120} />
            <Skeleton width={110} height={30} />
            <Skeleton width={70} height={26} />
          </li>
        </ul>
      ) : query.data.length === 0 ? (
        <EmptyState icon={Users} title="Nobody belongs to this workspace">
          <p>Whoever keeps the installation can name an admin: manage.py member set.</p>
        </EmptyState>
      ) : (
        <ul className="row-list member-list">
          {query.data.map((member) => (
            <Row
              key={member.username}
              of={member}
              isYou={member.username === session?.username}
              locked={locked}
              onRemove={() => setRemoving(member)}
            />
          ))}
        </ul>
      )}
      <section className="roles" aria-labelledby="roles-title">
        <h2 id="roles-title">The roles</h2>
        <dl>
          {ROLES.map((role) => (
            <div key={role}>
              <dt>{role}</dt>
              <dd>{PURPOSE[role]}</dd>
            </div>
          ))}
        </dl>
      </section>
      {adding && <AddDialog onClose={() => setAdding(false)} />}
      {removing && (
        <RemoveDialog
          name={removing.username}
          description="Within seconds their pages and their access keys of this workspace open nothing any more. What they made stays, and so does the account."
          keep="Keep them"
          icon={UserMinus}
          remove={() => removeMember(removing.username)}
          list={membersQuery}
          onClose={() => setRemoving(null)}
        />
      )}
    </div>
  );
}
