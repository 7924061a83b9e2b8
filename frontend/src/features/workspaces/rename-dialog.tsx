import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useState } from 'react';

import { sessionQuery } from '@/api/session';
import { renameWorkspace, workspacesQuery, type Workspace } from '@/api/workspaces';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { TextField } from '@/ui/text-field';

/** Calls a workspace something else. */
export function RenameDialog({ of, onClose }: { of: Workspace; onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(of.name);
  const rename = useMutation({
    mutationFn: () => renameWorkspace(of.accountId, name.trim()),
    onSuccess: () => {
      void queries.invalidateQueries(workspacesQuery);
      void queries.invalidateQueries(sessionQuery);
      onClose();
    },
  });
  const deed = {
    mutate: () => {
      if (name.trim() !== '') rename.mutate();
    },
    isPending: rename.isPending,
    error: rename.error,
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Rename ${of.name}`}
      description="Its account id stays, and with it every ARN and every key."
    >
      <ConfirmForm
        deed={deed}
        onClose={onClose}
        keep="Cancel"
        testId="rename-submit"
        fields={
          <TextField
            label="Name"
            value={name}
            onChange={setName}
            required
            maxLength={80}
            autoComplete="off"
          />
        }
      >
        <Pencil />
        Rename
      </ConfirmForm>
    </Dialog>
  );
}
