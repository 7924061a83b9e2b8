import { useMutation, useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useId, useState } from 'react';

import { ApiFailure } from '@/api/client';
import { addMember, membersQuery, type AddedMember, type Role } from '@/api/members';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { SecretDialog } from '@/ui/secret-dialog';
import { TextField } from '@/ui/text-field';

import { RoleSelect } from './role-select';
import { PURPOSE } from './roles';

/** Adds somebody; where they have no account yet, it offers to make one. */
export function AddDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const roleId = useId();
  const [username, setUsername] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [added, setAdded] = useState<AddedMember | null>(null);
  const [unknown, setUnknown] = useState('');
  const isUnknown = unknown !== '' && unknown === username.trim();
  const add = useMutation({
    mutationFn: () => addMember(username.trim(), role, isUnknown),
    onSuccess: (member) => {
      void queries.invalidateQueries(membersQuery);
      if (member.password === null) onClose();
      else setAdded(member);
    },
    onError: (error) => {
      if (error instanceof ApiFailure && error.code === 'AccountDoesNotExist') {
        setUnknown(username.trim());
      }
    },
  });
  if (added) {
    return (
      <SecretDialog
        title={`The account of ${added.username}`}
        secret="The password"
        advice="Hand it over; it can be changed under My account."
        parts={[{ name: 'Password', text: added.password ?? '', testId: 'new-password' }]}
        onClose={onClose}
      />
    );
  }
  const deed = {
    mutate: () => {
      if (username.trim() !== '') add.mutate();
    },
    isPending: add.isPending,
    error: isUnknown ? null : add.error,
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a member"
      description="They sign in with their own account and may do what the role is for."
    >
      <ConfirmForm
        deed={deed}
        onClose={onClose}
        keep="Cancel"
        testId="add-submit"
        fields={
          <div className="member-fields">
            <TextField
              label="Name of the account"
              value={username}
              autoComplete="off"
              required
              maxLength={150}
              onChange={setUsername}
            />
            <label className="field" htmlFor={roleId}>
              <span className="field-label">Role</span>
              <RoleSelect id={roleId} label="Role" value={role} onChange={setRole} />
            </label>
            <p className="muted member-hint">{PURPOSE[role]}</p>
            {isUnknown && (
              <p className="member-hint" role="alert">
                There is no account <strong>{unknown}</strong>. Shall it be made? Its password is
                shown to you, once.
              </p>
            )}
          </div>
        }
      >
        <UserPlus />
        {isUnknown ? 'Make the account and add' : 'Add'}
      </ConfirmForm>
    </Dialog>
  );
}
