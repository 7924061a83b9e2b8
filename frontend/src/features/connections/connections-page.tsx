import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plug, Plus } from 'lucide-react';
import { useState } from 'react';

import { sessionQuery } from '@/api/session';
import { connectionsQuery, deleteConnection, type Connection } from '@/api/triggers';
import { PageFailed } from '@/app/failures';
import { useTitle } from '@/app/title';
import { Button } from '@/ui/button';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { CopyButton, EmptyState, Skeleton } from '@/ui/feedback';
import { TimeAgo } from '@/ui/time';

import '@/features/triggers/triggers.css';
import { ConnectionDialog } from './connection-dialog';
import { WORDS } from './authorization';
import { TestDialog } from './test-dialog';

function RemoveDialog({ of, onClose }: { of: Connection; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteConnection(of.name),
    onSuccess: () => {
      onClose();
      void queries.invalidateQueries(connectionsQuery);
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Remove the connection ${of.name}?`}
      description="HTTP Tasks that name it fail from then on. Its credentials are gone for good."
    >
      <ConfirmForm
        deed={{ ...remove, mutate: () => remove.mutate() }}
        onClose={onClose}
        keep="Keep it"
        testId="remove-submit"
        danger
      >
        Remove
      </ConfirmForm>
    </Dialog>
  );
}

/** How HTTP Tasks sign in at other systems. Secrets go in and are never shown again. */
export function ConnectionsPage() {
  useTitle('Connections');
  const query = useQuery(connectionsQuery);
  const { data: session } = useQuery(sessionQuery);
  const [editing, setEditing] = useState<Connection | 'new' | null>(null);
  const [testing, setTesting] = useState<Connection | null>(null);
  const [removing, setRemoving] = useState<Connection | null>(null);
  const locked = session?.permissions.includes('manage-connections')
    ? null
    : 'Your role may not change connections.';
  return (
    <div className="page">
      <header className="page-top">
        <div>
          <h1>Connections</h1>
          <p className="muted">
            How HTTP Tasks sign in at other systems. Secrets are encrypted and never shown again.
          </p>
        </div>
        <Button
          variant="primary"
          onClick={() => setEditing('new')}
          disabled={locked !== null}
          title={locked ?? undefined}
          data-testid="add-connection"
        >
          <Plus />
          Connection
        </Button>
      </header>
      {query.isError ? (
        <PageFailed error={query.error} reset={() => void query.refetch()} />
      ) : query.isPending ? (
        <div className="trigger-list trigger-none" aria-busy="true" data-testid="loading">
          <Skeleton width="60%" />
        </div>
      ) : query.data.length === 0 ? (
        <EmptyState icon={Plug} title="No connection yet">
          <p>An HTTP Task needs one: make it here, and name its ARN in the definition.</p>
        </EmptyState>
      ) : (
        <ul className="trigger-list">
          {query.data.map((each) => (
            <li
              key={each.name}
              className="trigger-row"
              data-testid="connection"
              data-name={each.name}
            >
              <span className="trigger-name">
                {each.name}
                <span className="muted">{WORDS[each.authorizationType]}</span>
              </span>
              <span className="trigger-facts">
                <code>{each.connectionArn}</code>
                {each.description && <span> {each.description}</span>} · changed{' '}
                <TimeAgo at={each.modifiedAt} />
              </span>
              <span className="trigger-tools">
                <CopyButton text={each.connectionArn} label={`Copy the ARN of ${each.name}`} />
                <Button
                  size="small"
                  onClick={() => setTesting(each)}
                  disabled={locked !== null}
                  title={locked ?? undefined}
                  aria-label={`Test ${each.name}`}
                >
                  Test…
                </Button>
                <Button
                  size="small"
                  onClick={() => setEditing(each)}
                  disabled={locked !== null}
                  title={locked ?? undefined}
                  aria-label={`New credentials for ${each.name}`}
                >
                  New credentials…
                </Button>
                <Button
                  size="small"
                  onClick={() => setRemoving(each)}
                  disabled={locked !== null}
                  title={locked ?? undefined}
                  aria-label={`Remove ${each.name}`}
                >
                  Remove…
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      {editing !== null && (
        <ConnectionDialog
          of={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
      {testing && <TestDialog of={testing} onClose={() => setTesting(null)} />}
      {removing && <RemoveDialog of={removing} onClose={() => setRemoving(null)} />}
    </div>
  );
}
