import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';

import { sessionQuery } from '@/api/session';
import { createWorkspace, workspacesQuery } from '@/api/workspaces';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/feedback';
import { TextField } from '@/ui/text-field';

const DIGITS = /^[0-9]{12}$/;

interface Props {
  /** Who makes it, and is its first admin unless another is named. */
  username: string;
  onClose: () => void;
}

/** Makes a workspace with its first admin. */
export function CreateDialog({ username, onClose }: Props) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [accountId, setAccountId] = useState('');
  const [admin, setAdmin] = useState(username);
  const isWrong = accountId !== '' && !DIGITS.test(accountId);
  const create = useMutation({
    mutationFn: () =>
      createWorkspace({
        name: name.trim(),
        ...(accountId !== '' && { accountId }),
        ...(admin.trim() !== '' && { admin: admin.trim() }),
      }),
    onSuccess: (made) => {
      void queries.invalidateQueries(workspacesQuery);
      void queries.invalidateQueries(sessionQuery);
      toast('info', `${made.name} is account ${made.accountId}.`);
      onClose();
    },
  });
  const deed = {
    mutate: () => {
      if (name.trim() !== '' && !isWrong) create.mutate();
    },
    isPending: create.isPending,
    error: create.error,
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="New workspace"
      description="A team's own part of the installation. Its admin adds the others."
    >
      <ConfirmForm
        deed={deed}
        onClose={onClose}
        keep="Cancel"
        testId="create-workspace"
        fields={
          <div className="workspace-fields">
            <TextField
              label="Name"
              value={name}
              onChange={setName}
              required
              maxLength={80}
              autoComplete="off"
            />
            <TextField
              label="Account id"
              note="twelve digits, for good; empty: made up"
              value={accountId}
              onChange={setAccountId}
              maxLength={12}
              autoComplete="off"
              className="mono"
              problem={isWrong ? 'An account id has twelve digits.' : ''}
            />
            <TextField
              label="First admin"
              note="by the name of the account"
              value={admin}
              onChange={setAdmin}
              required
              maxLength={150}
              autoComplete="off"
            />
          </div>
        }
      >
        <Plus />
        Make the workspace
      </ConfirmForm>
    </Dialog>
  );
}
