import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Save, Wand2 } from 'lucide-react';
import { useId, useState } from 'react';

import {
  getStateMachine,
  saveExecutionRole,
  suggestExecutionRole,
  type ExecutionRole,
} from '@/api/client';
import { executionRolesQuery } from '@/api/queries';
import { Button } from '@/ui/button';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

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
  const ids = { name: useId(), policy: useId(), machine: useId(), profile: useId(), aws: useId() };
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
              <label className="field" htmlFor={ids.name}>
                <span className="field-label">Name</span>
                <input
                  id={ids.name}
                  className="input"
                  value={name}
                  required
                  maxLength={64}
                  autoComplete="off"
                  onChange={(event) => setName(event.target.value)}
                />
              </label>
            )}
            <label className="field" htmlFor={ids.policy}>
              <span className="field-label">Policy</span>
              <textarea
                id={ids.policy}
                className="input role-policy"
                value={policy}
                rows={14}
                spellCheck={false}
                readOnly={locked !== null}
                onChange={(event) => setPolicy(event.target.value)}
              />
            </label>
            {statementsOf(policy) === null && (
              <p className="muted role-hint">This is no policy yet: JSON with Statement.</p>
            )}
            {locked === null && (
              <div className="role-suggest">
                <label className="field" htmlFor={ids.machine}>
                  <span className="field-label">What a state machine needs</span>
                  <input
                    id={ids.machine}
                    className="input"
                    value={machine}
                    placeholder="Its name"
                    autoComplete="off"
                    onChange={(event) => setMachine(event.target.value)}
                  />
                </label>
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
              <label className="field" htmlFor={ids.profile}>
                <span className="field-label">Profile of the workers&rsquo; AWS configuration</span>
                <input
                  id={ids.profile}
                  className="input"
                  value={awsProfile}
                  maxLength={200}
                  readOnly={locked !== null}
                  onChange={(event) => setProfile(event.target.value)}
                />
              </label>
              <label className="field" htmlFor={ids.aws}>
                <span className="field-label">Or a role that the workers assume at AWS</span>
                <input
                  id={ids.aws}
                  className="input"
                  value={awsRoleArn}
                  maxLength={256}
                  placeholder="arn:aws:iam::…:role/…"
                  readOnly={locked !== null}
                  onChange={(event) => setAwsRole(event.target.value)}
                />
              </label>
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
