import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';

import { apiTokensQuery, type ApiToken, type NewApiToken } from '@/api/access-keys';
import { PageFailed } from '@/app/failures';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/feedback';

import { CredentialRow } from './credential-row';
import { CreateTokenDialog, RevokeTokenDialog, TokenDialog } from './token-dialogs';

/** The signed-in person's tokens: with which programs call the REST API. */
export function TokensSection({ nowhere }: { nowhere: string | null }) {
  const query = useQuery(apiTokensQuery);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<NewApiToken | null>(null);
  const [revoking, setRevoking] = useState<ApiToken | null>(null);
  return (
    <section className="tokens">
      <header className="page-top">
        <div>
          <h2>Tokens</h2>
          <p className="muted">
            Programs call the REST API with one: what these pages show and do, under{' '}
            <code>/api/</code>.
          </p>
        </div>
        <Button
          onClick={() => setCreating(true)}
          disabled={nowhere !== null}
          title={nowhere ?? undefined}
          data-testid="create-token"
        >
          <Plus />
          Create token
        </Button>
      </header>
      {query.isError ? (
        <PageFailed error={query.error} reset={() => void query.refetch()} />
      ) : query.isPending ? (
        <ul className="key-list" aria-busy="true">
          <li className="key-row">
            <Skeleton width={180} />
          </li>
        </ul>
      ) : query.data.length === 0 ? (
        <p className="muted" data-testid="no-tokens">
          None yet.
        </p>
      ) : (
        <ul className="key-list">
          {query.data.map((token) => (
            <CredentialRow
              key={token.tokenId}
              kind="api-token"
              id={token.tokenId}
              of={token}
              onRevoke={() => setRevoking(token)}
            >
              <span className="ellipsis" title={token.tokenId}>
                {token.name}
              </span>
            </CredentialRow>
          ))}
        </ul>
      )}
      {creating && (
        <CreateTokenDialog
          onClose={() => setCreating(false)}
          onMade={(token) => {
            setCreating(false);
            setMade(token);
          }}
        />
      )}
      {made && <TokenDialog made={made} onClose={() => setMade(null)} />}
      {revoking && <RevokeTokenDialog of={revoking} onClose={() => setRevoking(null)} />}
    </section>
  );
}
