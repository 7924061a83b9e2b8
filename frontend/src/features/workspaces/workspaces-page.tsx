import { useMutation, useQuery } from '@tanstack/react-query';
import { Building2, Plus } from 'lucide-react';
import { useState } from 'react';

import { chooseWorkspace, sessionQuery } from '@/api/session';
import { workspacesQuery, type Workspace } from '@/api/workspaces';
import { PageFailed } from '@/app/failures';
import { useTitle } from '@/app/title';
import { Button } from '@/ui/button';
import { EmptyState, Skeleton, toast } from '@/ui/feedback';

import { CreateDialog } from './create-dialog';
import { RenameDialog } from './rename-dialog';
import { WorkspaceCard } from './workspace-card';
import './workspaces.css';

/** The workspaces that somebody may see: who is in them, and which one this page shows. */
export function WorkspacesPage() {
  useTitle('Workspaces');
  const query = useQuery(workspacesQuery);
  const { data: session } = useQuery(sessionQuery);
  const [creating, setCreating] = useState(false);
  const [renaming, setRenaming] = useState<Workspace | null>(null);
  const choice = useMutation({
    mutationFn: chooseWorkspace,
    // Nothing of this page is of the other workspace: all of it is loaded anew.
    onSuccess: () => window.location.assign('/workspaces'),
    onError: (error) => toast('error', error.message),
  });
  const locked = session?.permissions.includes('keep-workspaces')
    ? null
    : 'Only those who keep the installation make workspaces: its superusers.';
  return (
    <div className="page">
      <header className="page-top">
        <div>
          <h1>Workspaces</h1>
          <p className="muted">
            Each is an account of its own in every ARN: nobody in one reaches anything of another.
          </p>
        </div>
        <Button
          variant="primary"
          onClick={() => setCreating(true)}
          disabled={locked !== null}
          title={locked ?? undefined}
          data-testid="new-workspace"
        >
          <Plus />
          New workspace
        </Button>
      </header>
      {query.isError ? (
        <PageFailed error={query.error} reset={() => void query.refetch()} />
      ) : query.isPending ? (
        <ul className="workspace-list" aria-busy="true" data-testid="loading">
          <li>
            <Skeleton width={160} height={18} />
            <Skeleton width={240} />
          </li>
        </ul>
      ) : query.data.length === 0 ? (
        <EmptyState icon={Building2} title="You belong to no workspace">
          <p>
            Ask an admin of the one you need to add {session?.username ?? 'you'} to its members.
          </p>
        </EmptyState>
      ) : (
        <ul className="workspace-list">
          {query.data.map((workspace) => (
            <WorkspaceCard
              key={workspace.accountId}
              of={workspace}
              isGoing={choice.isPending}
              onGo={() => choice.mutate(workspace.accountId)}
              onRename={() => setRenaming(workspace)}
            />
          ))}
        </ul>
      )}
      {creating && session && (
        <CreateDialog username={session.username} onClose={() => setCreating(false)} />
      )}
      {renaming && <RenameDialog of={renaming} onClose={() => setRenaming(null)} />}
    </div>
  );
}
