import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';

import { createAccessKey, accessKeysQuery, type NewAccessKey } from '@/api/access-keys';
import { sessionQuery } from '@/api/session';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

import { LimitFields, useLimits } from './limit-fields';

interface Props {
  onClose: () => void;
  onMade: (made: NewAccessKey) => void;
}

/** Asks what a new key is for, and until when. */
export function CreateDialog({ onClose, onMade }: Props) {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const limits = useLimits(null);
  const create = useMutation({
    mutationFn: () => {
      const { scopes, expiresAt } = limits.chosen();
      return createAccessKey(scopes, expiresAt);
    },
    onSuccess: (made) => {
      void queries.invalidateQueries(accessKeysQuery);
      onMade(made);
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Create an access key"
      description={`It opens ${session?.workspace ?? 'the workspace'} with your role, or with less.`}
    >
      <ConfirmForm
        deed={create}
        onClose={onClose}
        keep="Cancel"
        testId="create-submit"
        fields={<LimitFields limits={limits} />}
      >
        <Plus />
        Create access key
      </ConfirmForm>
    </Dialog>
  );
}
