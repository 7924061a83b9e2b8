import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState } from 'react';

import {
  createReviewWebhook,
  deleteReviewWebhook,
  enableReviewWebhook,
  reviewDeliveriesQuery,
  reviewWebhooksQuery,
  tryReviewWebhook,
  type NewReviewWebhook,
  type ReviewDelivery,
  type ReviewWebhook,
} from '@/api/reviews';
import { SecretDialog } from '@/features/triggers/secret-dialog';
import { Section, Tools } from '@/features/triggers/section';
import { Button } from '@/ui/button';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/feedback';
import { TextField } from '@/ui/text-field';
import { TimeAgo } from '@/ui/time';

interface Of {
  machine: string;
}

function WebhookDialog({
  machine,
  onClose,
  onMade,
}: Of & { onClose: () => void; onMade: (made: NewReviewWebhook) => void }) {
  const client = useQueryClient();
  const [url, setUrl] = useState('');
  const make = useMutation({
    mutationFn: () => createReviewWebhook(machine, url.trim()),
    onSuccess: (made) => {
      onClose();
      onMade(made);
      void client.invalidateQueries(reviewWebhooksQuery(machine));
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="New webhook"
      description="An address that is told of every proposal: asked for, pushed, commented, approved, published. Calls are signed."
    >
      <ConfirmForm
        deed={{ ...make, mutate: () => make.mutate() }}
        onClose={onClose}
        keep="Cancel"
        testId="review-webhook-submit"
        fields={
          <TextField
            label="Address"
            type="url"
            required
            maxLength={2048}
            placeholder="https://chat.example.com/hook"
            autoComplete="off"
            value={url}
            onChange={setUrl}
          />
        }
      >
        <Send />
        Make webhook
      </ConfirmForm>
    </Dialog>
  );
}

const WORDS = { WAITING: 'On its way', DELIVERED: 'Delivered', GIVEN_UP: 'Given up' };
const TONES = { WAITING: 'RUNNING', DELIVERED: 'SUCCEEDED', GIVEN_UP: 'FAILED' };

function DeliveryRow({ of }: { of: ReviewDelivery }) {
  return (
    <li className="trigger-row" data-testid="review-delivery" data-delivery={of.status}>
      <span className="trigger-name">
        <span className="tone-badge" data-status={TONES[of.status]}>
          {WORDS[of.status]}
        </span>
        {of.sentence}
      </span>
      <span className="trigger-facts">
        <code>{of.event}</code> · <TimeAgo at={of.creationDate} />
        {' · '}
        {of.attempts === 0
          ? 'Not called yet'
          : of.failure === null
            ? `Answered ${of.answer ?? ''}`
            : ''}
        {of.failure !== null && <span className="trigger-problem">{of.failure}</span>}
        {of.attempts > 1 && ` · ${of.attempts} attempts`}
        {of.nextDate !== null && of.attempts > 0 && (
          <>
            {' · '}again <TimeAgo at={of.nextDate} />
          </>
        )}
      </span>
    </li>
  );
}

function Deliveries({
  machine,
  of,
  locked,
  onClose,
}: Of & { of: ReviewWebhook; locked: string | null; onClose: () => void }) {
  const client = useQueryClient();
  const query = useQuery(reviewDeliveriesQuery(machine, of.id));
  const test = useMutation({
    mutationFn: () => tryReviewWebhook(machine, of.id),
    onSettled: () => client.invalidateQueries(reviewDeliveriesQuery(machine, of.id)),
    onError: (error) => toast('error', error.message),
  });
  return (
    <Dialog open wide onClose={onClose} title="Deliveries" description={of.url}>
      <div className="review-deliveries">
        <Section
          title="The latest fifty"
          about="One that is answered with anything but 2xx is made again, eight times in a day and a half."
          query={query}
          none="Nothing has been told yet. Send a test, and see what the address answers."
          add="Send a test"
          locked={locked ?? (test.isPending ? 'It is on its way.' : null)}
          onAdd={() => test.mutate()}
          testId="review-deliveries"
          row={(each) => <DeliveryRow key={each.id} of={each} />}
        />
      </div>
    </Dialog>
  );
}

/** Who is told of a state machine's proposals. */
export function ReviewWebhooks({ machine, locked }: Of & { locked: string | null }) {
  const query = useQuery(reviewWebhooksQuery(machine));
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<NewReviewWebhook | null>(null);
  const [shown, setShown] = useState<ReviewWebhook | null>(null);
  return (
    <>
      <Section
        title="Reviews"
        about="Addresses that are told when a change is proposed, pushed, talked about, approved or published."
        query={query}
        none="Nobody is told of this state machine's proposals."
        add="Webhook"
        locked={locked}
        onAdd={() => setAdding(true)}
        testId="review-webhooks"
        row={(each) => (
          <li
            key={each.id}
            className="trigger-row"
            data-off={!each.isEnabled}
            data-testid="review-webhook"
          >
            <span className="trigger-name">
              <code>{each.url}</code>
              {!each.isEnabled && <span className="muted">off</span>}
            </span>
            <span className="trigger-facts">
              Made <TimeAgo at={each.creationDate} />
              {each.lastFailure !== null && (
                <span className="trigger-problem">{each.lastFailure}</span>
              )}
            </span>
            <Tools
              what={`the webhook ${each.url}`}
              list={reviewWebhooksQuery(machine).queryKey}
              enabled={each.isEnabled}
              locked={locked}
              enable={(enabled) => enableReviewWebhook(machine, each.id, enabled)}
              remove={() => deleteReviewWebhook(machine, each.id)}
              warning="What is not delivered yet is not delivered any more, and its deliveries are forgotten."
            >
              <Button size="small" onClick={() => setShown(each)} data-testid="show-deliveries">
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
          parts={[
            ['Address', made.url],
            ['Secret', made.secret],
          ]}
          onClose={() => setMade(null)}
        />
      )}
      {shown && (
        <Deliveries machine={machine} of={shown} locked={locked} onClose={() => setShown(null)} />
      )}
    </>
  );
}
