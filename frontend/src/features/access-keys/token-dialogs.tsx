import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ban, Plus } from 'lucide-react';
import { useState } from 'react';

import {
  createApiToken,
  revokeApiToken,
  apiTokensQuery,
  type ApiToken,
  type NewApiToken,
} from '@/api/access-keys';
import { sessionQuery } from '@/api/session';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { SecretDialog } from '@/ui/secret-dialog';
import { TextField } from '@/ui/text-field';

import { LimitFields, useLimits } from './limit-fields';

/** Days after which a token expires unless somebody chooses otherwise. */
const USUAL_DAYS = 90;

interface CreateProps {
  onClose: () => void;
  onMade: (made: NewApiToken) => void;
}

/** Asks what a new token is called, what it is for, and until when. */
export function CreateTokenDialog({ onClose, onMade }: CreateProps) {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const [name, setName] = useState('');
  const limits = useLimits(USUAL_DAYS);
  const create = useMutation({
    mutationFn: () => createApiToken({ name, ...limits.chosen() }),
    onSuccess: (made) => {
      void queries.invalidateQueries(apiTokensQuery);
      onMade(made);
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Create a token"
      description={`It opens ${session?.workspace ?? 'the workspace'} with your role, or with less.`}
    >
      <ConfirmForm
        deed={create}
        onClose={onClose}
        keep="Cancel"
        testId="create-token-submit"
        fields={
          <div className="key-fields">
            <TextField
              label="Name"
              required
              maxLength={80}
              autoComplete="off"
              placeholder="Nightly report"
              value={name}
              onChange={setName}
              testId="token-name"
            />
            <LimitFields limits={limits} />
          </div>
        }
      >
        <Plus />
        Create token
      </ConfirmForm>
    </Dialog>
  );
}

/** A new token, this once, with a line that tries it. */
export function TokenDialog({ made, onClose }: { made: NewApiToken; onClose: () => void }) {
  const line = `curl -H "Authorization: Bearer $TOKEN" ${window.location.origin}/api/state-machines/`;
  return (
    <SecretDialog
      title="Your new token"
      secret="The token"
      parts={[{ name: 'Token', text: made.token, testId: 'new-token' }]}
      lines={line}
      onClose={onClose}
    />
  );
}

/** Asks before a token is revoked: there is no way back. */
export function RevokeTokenDialog({ of, onClose }: { of: ApiToken; onClose: () => void }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeApiToken(of.tokenId),
    onSuccess: () => {
      onClose();
      void queries.invalidateQueries(apiTokensQuery);
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Revoke this token?"
      description={
        <>
          Requests with <strong>{of.name}</strong> are refused from then on. A revoked token cannot
          be used again.
        </>
      }
    >
      <ConfirmForm
        deed={revoke}
        onClose={onClose}
        keep="Keep it"
        testId="revoke-token-submit"
        danger
      >
        <Ban />
        Revoke token
      </ConfirmForm>
    </Dialog>
  );
}
