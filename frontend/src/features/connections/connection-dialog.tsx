import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plug } from 'lucide-react';
import { useState } from 'react';

import {
  connectionsQuery,
  createConnection,
  replaceSecrets,
  type Connection,
} from '@/api/triggers';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { TextField } from '@/ui/text-field';

import { FIELDS, parametersOf, WORDS, type Kind } from './authorization';

/** A new connection, or new credentials for one. */
export function ConnectionDialog({ of, onClose }: { of: Connection | null; onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(of?.name ?? '');
  const [kind, setKind] = useState<Kind>(of?.authorizationType ?? 'API_KEY');
  const [filled, setFilled] = useState<Record<string, string>>({});
  const save = useMutation({
    mutationFn: () => {
      const given = { authorizationType: kind, authParameters: parametersOf(kind, filled) };
      return of === null
        ? createConnection({ name: name.trim(), ...given })
        : replaceSecrets(of.name, given);
    },
    onSuccess: () => {
      onClose();
      void queries.invalidateQueries(connectionsQuery);
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={of === null ? 'New connection' : `New credentials for ${of.name}`}
      description={
        of === null
          ? 'What is typed here is encrypted and never shown again.'
          : 'They take the place of the old ones, for every Task that names this connection.'
      }
    >
      <ConfirmForm
        deed={{ ...save, mutate: () => save.mutate() }}
        onClose={onClose}
        keep="Cancel"
        testId="connection-submit"
        fields={
          <div className="trigger-fields">
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
            <label className="field">
              <span className="field-label">How it signs in</span>
              <select
                aria-label="How it signs in"
                className="input"
                value={kind}
                onChange={(event) => setKind(event.target.value as Kind)}
              >
                {(Object.keys(WORDS) as Kind[]).map((each) => (
                  <option key={each} value={each}>
                    {WORDS[each]}
                  </option>
                ))}
              </select>
            </label>
            {FIELDS[kind].map((field) => (
              <TextField
                key={field.name}
                label={field.label}
                type={field.secret ? 'password' : 'text'}
                value={filled[field.name] ?? ''}
                required
                autoComplete="off"
                onChange={(value) => setFilled((before) => ({ ...before, [field.name]: value }))}
              />
            ))}
          </div>
        }
      >
        <Plug />
        {of === null ? 'Make connection' : 'Replace credentials'}
      </ConfirmForm>
    </Dialog>
  );
}
