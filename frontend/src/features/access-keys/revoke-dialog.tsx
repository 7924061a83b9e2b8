import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ban } from 'lucide-react';

import { revokeAccessKey, accessKeysQuery, type AccessKey } from '@/api/access-keys';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

interface Props {
  of: AccessKey;
  onClose: () => void;
}

/** Asks before a key is revoked: there is no way back. */
export function RevokeDialog({ of, onClose }: Props) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeAccessKey(of.accessKeyId),
    onSuccess: () => {
      onClose();
      void queries.invalidateQueries(accessKeysQuery);
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Revoke this access key?"
      description={
        <>
          Within five seconds requests signed with <code>{of.accessKeyId}</code> are refused. A
          revoked key cannot be used again; executions that it has started go on.
        </>
      }
    >
      <ConfirmForm deed={revoke} onClose={onClose} keep="Keep it" testId="revoke-submit" danger>
        <Ban />
        Revoke access key
      </ConfirmForm>
    </Dialog>
  );
}
