import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';

import { removeExecutionRole, type ExecutionRole } from '@/api/client';
import { executionRolesQuery } from '@/api/queries';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

/** Asks before a role goes: what it closed is open then, where unknown roles are. */
export function RemoveDialog({ of, onClose }: { of: ExecutionRole; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeExecutionRole(of.name),
    onSuccess: () => {
      void queries.invalidateQueries(executionRolesQuery);
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Remove ${of.name}?`}
      description="State machines that name it run under a role that nobody knows: they may do everything, unless the installation refuses unknown roles."
    >
      <ConfirmForm deed={remove} onClose={onClose} keep="Keep it" testId="remove-submit" danger>
        <Trash2 />
        Remove
      </ConfirmForm>
    </Dialog>
  );
}
