import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Webhook as Hook } from 'lucide-react';
import { useState } from 'react';

import {
  createEndpoint,
  deleteEndpoint,
  enableEndpoint,
  endpointsQuery,
  updateEndpoint,
  type Endpoint,
  type EndpointAuthorization,
  type MadeEndpoint,
} from '@/api/triggers';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { SecretDialog } from '@/ui/secret-dialog';
import { TextField } from '@/ui/text-field';
import { CopyButton } from '@/ui/feedback';

import { Section, Tools } from './section';
import { TargetField } from './target-field';

const KINDS: [EndpointAuthorization, string][] = [
  ['BEARER', 'Bearer token'],
  ['GITHUB', 'Signed by GitHub'],
  ['STRIPE', 'Signed by Stripe'],
  ['STANDARD_WEBHOOKS', 'Signed as Standard Webhooks'],
];
const WORDS = Object.fromEntries(KINDS);

const addressOf = (path: string) => `${window.location.origin}${path}`;

function EndpointDialog({
  machine,
  of,
  onClose,
  onMade,
}: {
  machine: string;
  /** The endpoint that is changed; null: a new one. */
  of: Endpoint | null;
  onClose: () => void;
  onMade: (made: MadeEndpoint) => void;
}) {
  const queries = useQueryClient();
  const [authorization, setAuthorization] = useState<EndpointAuthorization>('BEARER');
  const [secret, setSecret] = useState('');
  const [description, setDescription] = useState(of?.description ?? '');
  const [qualifier, setQualifier] = useState(of?.qualifier ?? '');
  const save = useMutation({
    mutationFn: async () => {
      const given = { description, qualifier };
      if (of === null) return createEndpoint(machine, { ...given, authorization, secret });
      await updateEndpoint(machine, of.id, given);
      return null;
    },
    onSuccess: (made) => {
      onClose();
      if (made) onMade(made);
      void queries.invalidateQueries(endpointsQuery(machine));
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={of === null ? 'New endpoint' : 'The endpoint'}
      description="An address that starts this state machine for whoever has its secret."
    >
      <ConfirmForm
        deed={{ ...save, mutate: () => save.mutate() }}
        onClose={onClose}
        keep="Cancel"
        testId="endpoint-submit"
        fields={
          <div className="trigger-fields">
            {of === null && (
              <>
                <label className="field">
                  <span className="field-label">How calls are authorized</span>
                  <select
                    aria-label="How calls are authorized"
                    className="input"
                    value={authorization}
                    onChange={(event) =>
                      setAuthorization(event.target.value as EndpointAuthorization)
                    }
                  >
                    {KINDS.map(([kind, word]) => (
                      <option key={kind} value={kind}>
                        {word}
                      </option>
                    ))}
                  </select>
                </label>
                <TextField
                  label="Secret, where the caller tells it (else one is made)"
                  type="password"
                  minLength={16}
                  maxLength={256}
                  autoComplete="off"
                  value={secret}
                  onChange={setSecret}
                />
              </>
            )}
            <TextField
              label="What it is for"
              maxLength={512}
              autoComplete="off"
              value={description}
              onChange={setDescription}
            />
            <TargetField machine={machine} value={qualifier} onChange={setQualifier} />
          </div>
        }
      >
        <Hook />
        {of === null ? 'Make endpoint' : 'Save endpoint'}
      </ConfirmForm>
    </Dialog>
  );
}

/** The addresses that start a state machine. */
export function Endpoints({ machine, locked }: { machine: string; locked: string | null }) {
  const query = useQuery(endpointsQuery(machine));
  const [editing, setEditing] = useState<Endpoint | 'new' | null>(null);
  const [made, setMade] = useState<MadeEndpoint | null>(null);
  return (
    <>
      <Section
        title="HTTP endpoints"
        about="Addresses that start an execution. An Express one answers the call."
        query={query}
        none="No endpoint: nobody outside can call this state machine."
        add="Endpoint"
        locked={locked}
        onAdd={() => setEditing('new')}
        testId="endpoints"
        row={(each) => (
          <li key={each.id} className="trigger-row" data-off={!each.enabled} data-testid="endpoint">
            <span className="trigger-name">
              <code>{addressOf(each.path)}</code>
              {!each.enabled && <span className="muted">off</span>}
            </span>
            <span className="trigger-facts">
              {[WORDS[each.authorization], each.qualifier, each.description]
                .filter(Boolean)
                .join(' · ')}
            </span>
            <Tools
              what={`the endpoint ${each.description || each.path}`}
              list={endpointsQuery(machine).queryKey}
              enabled={each.enabled}
              locked={locked}
              onEdit={() => setEditing(each)}
              enable={(enabled) => enableEndpoint(machine, each.id, enabled)}
              remove={() => deleteEndpoint(machine, each.id)}
              warning="Its address is gone for good: a new endpoint has another one."
            >
              <CopyButton text={addressOf(each.path)} label="Copy the address" />
            </Tools>
          </li>
        )}
      />
      {editing !== null && (
        <EndpointDialog
          machine={machine}
          of={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onMade={setMade}
        />
      )}
      {made && (
        <SecretDialog
          title="Your new endpoint"
          parts={[
            { name: 'Address', text: addressOf(made.endpoint.path) },
            { name: 'Secret', text: made.secret },
          ]}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}
