import { useQuery } from '@tanstack/react-query';

import type { NewAccessKey } from '@/api/access-keys';
import { sessionQuery } from '@/api/session';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { CopyButton } from '@/ui/feedback';

import { environmentOf } from './environment';

interface Props {
  made: NewAccessKey;
  onClose: () => void;
}

/** A new key with its secret, this once, as lines to paste into a shell. */
export function SecretDialog({ made, onClose }: Props) {
  const { data: session } = useQuery(sessionQuery);
  const lines = environmentOf(made, window.location.origin, session?.region ?? 'us-east-1');
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Your new access key"
      description="The secret is shown this once. Keep it now: nobody can read it again."
    >
      <dl className="key-parts">
        <dt>Access key ID</dt>
        <dd>
          <code data-testid="new-key-id">{made.accessKeyId}</code>
          <CopyButton text={made.accessKeyId} label="Copy the access key ID" />
        </dd>
        <dt>Secret access key</dt>
        <dd>
          <code data-testid="new-key-secret">{made.secretAccessKey}</code>
          <CopyButton text={made.secretAccessKey} label="Copy the secret access key" />
        </dd>
      </dl>
      <div className="key-environment">
        <pre>{lines}</pre>
        <CopyButton text={lines} label="Copy these lines" />
      </div>
      <div className="dialog-actions">
        <Button variant="primary" onClick={onClose} data-testid="secret-kept">
          I have kept it
        </Button>
      </div>
    </Dialog>
  );
}
