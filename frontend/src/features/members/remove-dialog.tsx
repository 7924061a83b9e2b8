import { useMutation, useQueryClient } from '@tanstack/react-query';
import { UserMinus } from 'lucide-react';

import { removeMember, type Member } from '@/api/client';
import { membersQuery } from '@/api/queries';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

/** Asks before a membership is withdrawn. */
export function RemoveDialog({ of, onClose }: { of: Member; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeMember(of.username),
    onSuccess: () => {
      onClose();
      void queries.invalidateQueries(membersQuery);
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Remove ${of.username}?`}
      description="Within seconds their pages and their access keys of this workspace open nothing any more. What they made stays, and so does the account."
    >
      <ConfirmForm deed={remove} onClose={onClose} keep="Keep them" testId="remove-submit" danger>
        <UserMinus />
        Remove
      </ConfirmForm>
    </Dialog>
  );
}
