import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import type { Workspace } from '@/api/workspaces';
import { Button } from '@/ui/button';
import { CopyButton } from '@/ui/feedback';

/** Members that are shown at first. */
const FIRST = 12;

interface Props {
  of: Workspace;
  isGoing: boolean;
  onGo: () => void;
  onRename: () => void;
}

/** One workspace: its account, its people, and the way to it. */
export function WorkspaceCard({ of, isGoing, onGo, onRename }: Props) {
  return (
    <li
      data-testid="workspace"
      data-account={of.accountId}
      aria-current={of.isCurrent ? 'true' : undefined}
    >
      <div className="workspace-top">
        <h2 className="ellipsis">{of.name}</h2>
        {of.isCurrent && (
          <span className="tone-badge" data-status="RUNNING" data-testid="you-are-here">
            You are here
          </span>
        )}
        <div className="workspace-deeds">
          {of.isCurrent ? (
            <Link to="/members" className="button button-secondary button-small">
              Members
            </Link>
          ) : (
            of.role !== null && (
              <Button size="small" onClick={onGo} disabled={isGoing} data-testid="go-there">
                Go there
              </Button>
            )
          )}
          <Button
            size="small"
            onClick={onRename}
            disabled={!of.mayRename}
            title={of.mayRename ? undefined : whyNot(of)}
            data-testid="rename-workspace"
          >
            Rename…
          </Button>
        </div>
      </div>
      <dl className="workspace-facts">
        <div>
          <dt>Account</dt>
          <dd>
            <span className="mono" data-testid="account-id">
              {of.accountId}
            </span>
            <CopyButton text={of.accountId} label="Copy the account id" />
          </dd>
        </div>
        <div>
          <dt>In commands</dt>
          <dd className="mono ellipsis">{of.slug}</dd>
        </div>
        <div>
          <dt>Your role</dt>
          <dd data-testid="your-role">{of.role ?? 'none: you are no member'}</dd>
        </div>
      </dl>
      <People of={of} />
    </li>
  );
}

function whyNot(of: Workspace): string {
  if (of.role !== 'admin') return 'Only an admin of the workspace may rename it.';
  return of.isCurrent ? 'You may not rename it.' : 'Go there first: it is renamed from within.';
}

function People({ of }: { of: Workspace }) {
  const [all, setAll] = useState(false);
  const { members } = of;
  if (members.length === 0) {
    return (
      <p className="muted workspace-people">
        Nobody belongs to it. On the machine itself: manage.py member set NAME admin --workspace{' '}
        {of.slug}
      </p>
    );
  }
  const shown = all ? members : members.slice(0, FIRST);
  return (
    <ul className="workspace-people" aria-label={`Members of ${of.name}`}>
      {shown.map(({ username, role, isActive }) => (
        <li key={username} data-testid="workspace-member" data-member={username}>
          <span className="ellipsis">{username}</span>
          <span className="muted">{isActive ? role : `${role}, cannot sign in`}</span>
        </li>
      ))}
      {shown.length < members.length && (
        <li className="workspace-more">
          <Button size="small" variant="ghost" onClick={() => setAll(true)}>
            and {members.length - shown.length} more
          </Button>
        </li>
      )}
    </ul>
  );
}
