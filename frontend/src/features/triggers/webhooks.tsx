import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState } from 'react';

import {
  createWebhook,
  deleteWebhook,
  deliveriesQuery,
  enableWebhook,
  resendDelivery,
  webhooksQuery,
  type HeardStatus,
  type MadeWebhook,
  type Webhook,
} from '@/api/triggers';
import { Button } from '@/ui/button';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/feedback';
import { statusWord } from '@/ui/status';
import { TimeAgo } from '@/ui/time';

import { SecretDialog } from './secret-dialog';
import { Section, Tools } from './section';

const STATUSES: HeardStatus[] = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

function WebhookDialog({
  machine,
  onClose,
  onMade,
}: {
  machine: string;
  onClose: () => void;
  onMade: (made: MadeWebhook) => void;
}) {
  const queries = useQueryClient();
  const [url, setUrl] = useState('');
  const [statuses, setStatuses] = useState<HeardStatus[]>(['FAILED', 'TIMED_OUT']);
  const make = useMutation({
    mutationFn: () => createWebhook(machine, { url: url.trim(), statuses }),
    onSuccess: (made) => {
      onClose();
      onMade(made);
      void queries.invalidateQueries(webhooksQuery(machine));
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="New webhook"
      description="An address that is told when executions change their status; calls are signed."
    >
      <ConfirmForm
        deed={{ ...make, mutate: () => make.mutate() }}
        onClose={onClose}
        keep="Cancel"
        testId="webhook-submit"
        fields={
          <div className="trigger-fields">
            <label className="field">
              <span className="field-label">Address</span>
              <input
                className="input"
                type="url"
                value={url}
                required
                maxLength={2048}
                placeholder="https://example.org/hooks"
                autoComplete="off"
                onChange={(event) => setUrl(event.target.value)}
              />
            </label>
            <fieldset>
              <legend className="field-label">It hears of (none: all)</legend>
              {STATUSES.map((status) => (
                <label key={status}>
                  <input
                    type="checkbox"
                    checked={statuses.includes(status)}
                    onChange={(event) =>
                      setStatuses((chosen) =>
                        event.target.checked
                          ? [...chosen, status]
                          : chosen.filter((each) => each !== status),
                      )
                    }
                  />
                  {statusWord(status)}
                </label>
              ))}
            </fieldset>
          </div>
        }
      >
        <Send />
        Make webhook
      </ConfirmForm>
    </Dialog>
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
  const [adding, setAdding] = useState(false);
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
        onAdd={() => setAdding(true)}
        testId="webhooks"
        row={(each) => (
          <li key={each.id} className="trigger-row" data-off={!each.enabled} data-testid="webhook">
            <span className="trigger-name">
              <code>{each.url}</code>
              {!each.enabled && <span className="muted">off</span>}
            </span>
            <span className="trigger-facts">
              {each.statuses.length === 0
                ? 'Every status'
                : each.statuses.map(statusWord).join(', ')}
            </span>
            <Tools
              what={`the webhook ${each.url}`}
              list={webhooksQuery(machine).queryKey}
              enabled={each.enabled}
              locked={locked}
              enable={(enabled) => enableWebhook(machine, each.id, enabled)}
              remove={() => deleteWebhook(machine, each.id)}
              warning="What is not delivered yet is not delivered any more."
            >
              <Button size="small" onClick={() => setShown(each)}>
                Deliveries
              </Button>
            </Tools>
          </li>
        )}
      />
      {adding && (
        <WebhookDialog machine={machine} onClose={() => setAdding(false)} onMade={setMade} />
      )}
      {made && (
        <SecretDialog
          title="Your new webhook"
          parts={[['Secret', made.secret]]}
          onClose={() => setMade(null)}
        />
      )}
      {shown && <Deliveries machine={machine} of={shown} onClose={() => setShown(null)} />}
    </>
  );
}
