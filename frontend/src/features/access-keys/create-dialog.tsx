import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useId, useState } from 'react';

import { createAccessKey, type NewAccessKey, type Permission } from '@/api/client';
import { accessKeysQuery, sessionQuery } from '@/api/queries';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

import { expiryOf, LIVES, WORDS } from './scopes';

interface Props {
  onClose: () => void;
  onMade: (made: NewAccessKey) => void;
}

/** Asks what a new key is for, and until when. */
export function CreateDialog({ onClose, onMade }: Props) {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const lifeId = useId();
  const [limited, setLimited] = useState(false);
  const [scopes, setScopes] = useState<ReadonlySet<Permission>>(new Set());
  const [days, setDays] = useState<number | null>(null);
  const create = useMutation({
    mutationFn: () => createAccessKey(limited ? [...scopes] : null, expiryOf(days, Date.now())),
    onSuccess: (made) => {
      void queries.invalidateQueries(accessKeysQuery);
      onMade(made);
    },
  });
  const toggle = (scope: Permission) => {
    const next = new Set(scopes);
    if (!next.delete(scope)) next.add(scope);
    setScopes(next);
  };
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
        fields={
          <div className="key-fields">
            <fieldset className="key-scopes">
              <legend className="field-label">What is it for?</legend>
              <label>
                <input type="radio" checked={!limited} onChange={() => setLimited(false)} />
                Everything that my role allows
              </label>
              <label>
                <input
                  type="radio"
                  checked={limited}
                  onChange={() => setLimited(true)}
                  data-testid="limited"
                />
                Only this:
              </label>
              {limited &&
                (session?.permissions ?? [])
                  .filter((scope) => scope !== 'own-account')
                  .map((scope) => (
                    <label key={scope} className="key-scope">
                      <input
                        type="checkbox"
                        checked={scopes.has(scope)}
                        onChange={() => toggle(scope)}
                        data-testid={`scope-${scope}`}
                      />
                      {WORDS[scope]}
                    </label>
                  ))}
            </fieldset>
            <label className="field" htmlFor={lifeId}>
              <span className="field-label">Expires</span>
              <select
                id={lifeId}
                className="input"
                value={days ?? ''}
                data-testid="key-life"
                onChange={(event) =>
                  setDays(event.target.value === '' ? null : Number(event.target.value))
                }
              >
                {LIVES.map(([label, value]) => (
                  <option key={label} value={value ?? ''}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
          </div>
        }
      >
        <Plus />
        Create access key
      </ConfirmForm>
    </Dialog>
  );
}
