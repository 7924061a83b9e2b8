import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';

import { accessKeysQuery, type AccessKey, type NewAccessKey } from '@/api/access-keys';
import { sessionQuery } from '@/api/session';
import { PageFailed } from '@/app/failures';
import { useTitle } from '@/app/title';
import { Button } from '@/ui/button';
import { EmptyState, Skeleton } from '@/ui/feedback';
import { SecretDialog } from '@/ui/secret-dialog';

import { CreateDialog } from './create-dialog';
import { CredentialRow } from './credential-row';
import { environmentOf } from './environment';
import { RevokeDialog } from './revoke-dialog';
import { TokensSection } from './tokens-section';
import './access-keys.css';

/** The signed-in person's access keys, with which programs sign their requests, and tokens. */
export function AccessKeysPage() {
  useTitle('Access keys');
  const query = useQuery(accessKeysQuery);
  const { data: session } = useQuery(sessionQuery);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<NewAccessKey | null>(null);
  const [revoking, setRevoking] = useState<AccessKey | null>(null);
  const nowhere =
    session?.role === null ? 'A key opens a workspace, and you belong to none.' : null;
  return (
    <div className="page">
      <header className="page-top">
        <div>
          <h1>Access keys</h1>
          <p className="muted">
            Programs sign their requests with one: boto3, the AWS CLI, any client of AWS Step
            Functions.
          </p>
        </div>
        <Button
          variant="primary"
          onClick={() => setCreating(true)}
          disabled={nowhere !== null}
          title={nowhere ?? undefined}
          data-testid="create-key"
        >
          <Plus />
          Create access key
        </Button>
      </header>
      {query.isError ? (
        <PageFailed error={query.error} reset={() => void query.refetch()} />
      ) : query.isPending ? (
        <ul className="key-list" aria-busy="true" data-testid="loading">
          <li className="key-row">
            <Skeleton width={180} />
            <Skeleton width={120} />
            <Skeleton width={120} />
            <Skeleton width={120} />
            <Skeleton width={70} height={26} />
          </li>
        </ul>
      ) : query.data.length === 0 ? (
        <EmptyState icon={KeyRound} title="No access keys yet">
          <p>Create one, and a program can call this server as you.</p>
        </EmptyState>
      ) : (
        <ul className="key-list">
          {query.data.map((key) => (
            <CredentialRow
              key={key.accessKeyId}
              kind="access-key"
              id={key.accessKeyId}
              of={key}
              onRevoke={() => setRevoking(key)}
            >
              <span className="mono">{key.accessKeyId}</span>
            </CredentialRow>
          ))}
        </ul>
      )}
      <TokensSection nowhere={nowhere} />
      {creating && (
        <CreateDialog
          onClose={() => setCreating(false)}
          onMade={(key) => {
            setCreating(false);
            setMade(key);
          }}
        />
      )}
      {made && (
        <SecretDialog
          title="Your new access key"
          parts={[
            { name: 'Access key ID', text: made.accessKeyId, testId: 'new-key-id' },
            { name: 'Secret access key', text: made.secretAccessKey, testId: 'new-key-secret' },
          ]}
          lines={environmentOf(made, window.location.origin, session?.region ?? 'us-east-1')}
          onClose={() => setMade(null)}
        />
      )}
      {revoking && <RevokeDialog of={revoking} onClose={() => setRevoking(null)} />}
    </div>
  );
}
