import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Save, Wand2 } from 'lucide-react';
import { useState } from 'react';

import {
  saveExecutionRole,
  suggestExecutionRole,
  executionRolesQuery,
  type ExecutionRole,
} from '@/api/execution-roles';
import { getStateMachine } from '@/api/state-machines';
import { Button } from '@/ui/button';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { TextField } from '@/ui/text-field';

import { indented, NEW_POLICY, statementsOf } from './policy';

interface Props {
  /** The role to edit; null makes a new one. */
  of: ExecutionRole | null;
  /** Why nothing may be changed; null: it may. */
  locked: string | null;
  onClose: () => void;
}

/** Writes a role: its policy, and with what credentials AWS is called. */
export function RoleDialog({ of, locked, onClose }: Props) {
  const queries = useQueryClient();
  const [name, setName] = useState(of?.name ?? '');
  const [policy, setPolicy] = useState(of === null ? NEW_POLICY : indented(of.policy));
  const [awsProfile, setProfile] = useState(of?.awsProfile ?? '');
  const [awsRoleArn, setAwsRole] = useState(of?.awsRoleArn ?? '');
  const [machine, setMachine] = useState('');
  const save = useMutation({
    mutationFn: () =>
      saveExecutionRole(name.trim(), {
        policy,
        description: of?.description ?? '',
        awsProfile,
        awsRoleArn,
        follows: of?.version ?? 0,
      }),
    onSuccess: () => {
      void queries.invalidateQueries(executionRolesQuery);
      onClose();
    },
  });
  const suggest = useMutation({
    mutationFn: async () => {
      const found = await getStateMachine(machine.trim(), AbortSignal.timeout(30_000));
      return suggestExecutionRole(found.definition);
    },
    onSuccess: (found) => setPolicy(indented(found.policy)),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={of === null ? 'New execution role' : of.name}
      description={of === null ? 'State machines that name it may do what it allows.' : of.arn}
    >
      <ConfirmForm
        deed={{
          mutate: () => {
            if (locked === null && name.trim() !== '') save.mutate();
          },
          isPending: save.isPending || locked !== null,
          error: save.error,
        }}
        onClose={onClose}
        keep={locked === null ? 'Cancel' : 'Close'}
        testId="save-role"
        fields={
          <div className="role-fields">
            {of === null && (
              <TextField
                label="Name"
                value={name}
                required
                maxLength={64}
                autoComplete="off"
                onChange={setName}
              />
            )}
            <TextField
              label="Policy"
              className="role-policy"
              value={policy}
              lines={14}
              spellCheck={false}
              readOnly={locked !== null}
              onChange={setPolicy}
            />
            {statementsOf(policy) === null && (
              <p className="muted role-hint">This is no policy yet: JSON with Statement.</p>
            )}
            {locked === null && (
              <div className="role-suggest">
                <TextField
                  label="What a state machine needs"
                  value={machine}
                  placeholder="Its name"
                  autoComplete="off"
                  onChange={setMachine}
                />
                <Button
                  onClick={() => suggest.mutate()}
                  disabled={machine.trim() === '' || suggest.isPending}
                  data-testid="suggest-policy"
                >
                  <Wand2 />
                  Suggest
                </Button>
                <p className="field-error" role="alert">
                  {suggest.error?.message}
                </p>
              </div>
            )}
            <details open={awsProfile !== '' || awsRoleArn !== ''}>
              <summary>Credentials at AWS</summary>
              <TextField
                label="Profile of the workers’ AWS configuration"
                value={awsProfile}
                maxLength={200}
                readOnly={locked !== null}
                onChange={setProfile}
              />
              <TextField
                label="Or a role that the workers assume at AWS"
                value={awsRoleArn}
                maxLength={256}
                placeholder="arn:aws:iam::…:role/…"
                readOnly={locked !== null}
                onChange={setAwsRole}
              />
            </details>
          </div>
        }
      >
        <Save />
        Save
      </ConfirmForm>
    </Dialog>
  );
}
