import { useState, type ReactNode } from 'react';

import type { Scope } from '@/api/access-keys';
import { Button } from '@/ui/button';
import { TimeAgo } from '@/ui/time';

import { WORDS } from './scopes';

interface Props {
  kind: 'access-key' | 'api-token';
  id: string;
  /** What the row is called by: an id, or a name. */
  children: ReactNode;
  of: {
    scopes: Scope[] | null;
    createdAt: string;
    lastUsedAt: string | null;
    expiresAt: string | null;
    revokedAt: string | null;
  };
  onRevoke: () => void;
}

/** An access key or a token: what it is for, when it was used, and whether it is in force. */
export function CredentialRow({ kind, id, children, of, onRevoke }: Props) {
  const { createdAt, lastUsedAt, expiresAt, revokedAt, scopes } = of;
  const [now] = useState(Date.now);
  const expired = expiresAt !== null && Date.parse(expiresAt) <= now;
  return (
    <li
      className="key-row"
      data-testid={kind}
      data-key={id}
      data-revoked={revokedAt !== null || expired}
    >
      <span className="key-name">
        {children}
        <span className="muted" title={scopes?.map((scope) => WORDS[scope]).join('\n')}>
          {scopes === null ? 'Everything the role allows' : `Only ${scopes.join(', ')}`}
        </span>
      </span>
      <span className="muted">
        Created <TimeAgo at={createdAt} />
      </span>
      <span className="muted">
        {lastUsedAt === null ? (
          'Never used'
        ) : (
          <>
            Used <TimeAgo at={lastUsedAt} />
          </>
        )}
      </span>
      <span className="muted">
        {expiresAt === null ? (
          'Never expires'
        ) : (
          <>
            {expired ? 'Expired' : 'Expires'}{' '}
            <time dateTime={expiresAt} title={expiresAt}>
              {new Date(expiresAt).toLocaleDateString(undefined, { dateStyle: 'medium' })}
            </time>
          </>
        )}
      </span>
      {revokedAt === null ? (
        <Button
          size="small"
          onClick={onRevoke}
          data-testid={kind === 'access-key' ? 'revoke-key' : 'revoke-token'}
        >
          Revoke…
        </Button>
      ) : (
        <span className="muted">
          Revoked <TimeAgo at={revokedAt} />
        </span>
      )}
    </li>
  );
}
