import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  deliveriesQuery,
  resendDelivery,
  webhooksQuery,
  type HeardStatus,
  type MadeWebhook,
  type Webhook,
} from '@/api/triggers';
import { WebhookDialog } from '@/features/webhooks/webhook-dialog';
import { WebhookRow } from '@/features/webhooks/webhook-row';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/feedback';
import { SecretDialog } from '@/ui/secret-dialog';
import { statusWord } from '@/ui/status';
import { TimeAgo } from '@/ui/time';

import { Section } from './section';

const STATUSES: HeardStatus[] = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

function StatusesField({
  value,
  onChange,
}: {
  value: HeardStatus[];
  onChange: (value: HeardStatus[]) => void;
}) {
  return (
    <fieldset>
      <legend className="field-label">It hears of (none: all)</legend>
      {STATUSES.map((status) => (
        <label key={status}>
          <input
            type="checkbox"
            checked={value.includes(status)}
            onChange={({ target }) =>
              onChange(
                STATUSES.filter((each) =>
                  each === status ? target.checked : value.includes(each),
                ),
              )
            }
          />
          {statusWord(status)}
        </label>
      ))}
    </fieldset>
  );
}

interface EditProps {
  machine: string;
  /** The webhook that is changed; null: a new one. */
  of: Webhook | null;
  onClose: () => void;
  onMade: (made: MadeWebhook) => void;
}

function EditDialog({ machine, of, onClose, onMade }: EditProps) {
  const queries = useQueryClient();
  const [statuses, setStatuses] = useState<HeardStatus[]>(of?.statuses ?? ['FAILED', 'TIMED_OUT']);
  return (
    <WebhookDialog
      of={of}
      about="An address that is told when executions change their status."
      save={async (url) => {
        if (of === null) onMade(await createWebhook(machine, { url, statuses }));
        else await changeWebhook(machine, of.id, { url, statuses });
        void queries.invalidateQueries(webhooksQuery(machine));
      }}
      testId="webhook-submit"
      onClose={onClose}
    >
      <StatusesField value={statuses} onChange={setStatuses} />
    </WebhookDialog>
  );
}

const WORDS = { PENDING: 'On its way', DELIVERED: 'Delivered', FAILED: 'Given up' };

function Deliveries({
  machine,
  of,
  onClose,
}: {
  machine: string;
  of: Webhook;
  onClose: () => void;
}) {
  const queries = useQueryClient();
  const query = useQuery(deliveriesQuery(machine, of.id));
  const resend = useMutation({
    mutationFn: (id: number) => resendDelivery(machine, of.id, id),
    onSettled: () => queries.invalidateQueries(deliveriesQuery(machine, of.id)),
    onError: (error) => toast('error', error.message),
  });
  return (
    <Dialog open wide onClose={onClose} title="Deliveries" description={of.url}>
      <Section
        title="The latest fifty"
        about="Each is tried ten times, over four days."
        query={query}
        none="Nothing has been told yet."
        testId="deliveries"
        row={(each) => {
          const latest = each.attempts.at(-1);
          return (
            <li key={each.id} className="trigger-row" data-testid="delivery">
              <span className="trigger-name">
                {WORDS[each.status]}
                <code>{String((each.event.detail as { status?: string }).status)}</code>
                <span className="muted">
                  <TimeAgo at={each.createdAt} />
                </span>
              </span>
              <span className="trigger-facts">
                {latest === undefined
                  ? 'Not called yet'
                  : `${latest.status ?? 'No answer'} after ${latest.milliseconds} ms`}
                {latest?.error && <span className="trigger-problem"> {latest.error}</span>}
              </span>
              <span className="trigger-tools">
                <Button
                  size="small"
                  onClick={() => resend.mutate(each.id)}
                  disabled={resend.isPending}
                >
                  Send again
                </Button>
              </span>
            </li>
          );
        }}
      />
    </Dialog>
  );
}

/** Who is told of a state machine's executions. */
export function Webhooks({ machine, locked }: { machine: string; locked: string | null }) {
  const query = useQuery(webhooksQuery(machine));
  const [edited, setEdited] = useState<Webhook | 'new' | null>(null);
  const [made, setMade] = useState<MadeWebhook | null>(null);
  const [shown, setShown] = useState<Webhook | null>(null);
  return (
    <>
      <Section
        title="Webhooks"
        about="Addresses that are told when executions begin, end or are redriven."
        query={query}
        none="Nobody is told of this state machine's executions."
        add="Webhook"
        locked={locked}
        onAdd={() => setEdited('new')}
        testId="webhooks"
        row={(each) => (
          <WebhookRow
            key={each.id}
            url={each.url}
            facts={
              each.statuses.length === 0 ? 'Every status' : each.statuses.map(statusWord).join(', ')
            }
            testId="webhook"
            list={webhooksQuery(machine).queryKey}
            enabled={each.enabled}
            locked={locked}
            onEdit={() => setEdited(each)}
            enable={(enabled) => changeWebhook(machine, each.id, { enabled })}
            remove={() => deleteWebhook(machine, each.id)}
            warning="What is not delivered yet is not delivered any more."
            onDeliveries={() => setShown(each)}
          />
        )}
      />
      {edited && (
        <EditDialog
          machine={machine}
          of={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onMade={setMade}
        />
      )}
      {made && (
        <SecretDialog
          title="Your new webhook"
          parts={[{ name: 'Secret', text: made.secret }]}
          onClose={() => setMade(null)}
        />
      )}
      {shown && <Deliveries machine={machine} of={shown} onClose={() => setShown(null)} />}
    </>
  );
}
