import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import {
  changeReviewWebhook,
  createReviewWebhook,
  deleteReviewWebhook,
  reviewDeliveriesQuery,
  reviewWebhooksQuery,
  tryReviewWebhook,
  type NewReviewWebhook,
  type ReviewDelivery,
  type ReviewWebhook,
} from '@/api/reviews';
import { Section } from '@/features/triggers/section';
import { WebhookDialog } from '@/features/webhooks/webhook-dialog';
import { WebhookRow } from '@/features/webhooks/webhook-row';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/feedback';
import { SecretDialog } from '@/ui/secret-dialog';
import { TimeAgo } from '@/ui/time';

interface Of {
  machine: string;
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
  const client = useQueryClient();
  const [edited, setEdited] = useState<ReviewWebhook | 'new' | null>(null);
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
        onAdd={() => setEdited('new')}
        testId="review-webhooks"
        row={(each) => (
          <WebhookRow
            key={each.id}
            url={each.url}
            facts={
              <>
                Made <TimeAgo at={each.creationDate} />
                {each.lastFailure !== null && (
                  <span className="trigger-problem">{each.lastFailure}</span>
                )}
              </>
            }
            testId="review-webhook"
            list={reviewWebhooksQuery(machine).queryKey}
            enabled={each.isEnabled}
            locked={locked}
            onEdit={() => setEdited(each)}
            enable={(isEnabled) => changeReviewWebhook(machine, each.id, { isEnabled })}
            remove={() => deleteReviewWebhook(machine, each.id)}
            warning="What is not delivered yet is not delivered any more, and its deliveries are forgotten."
            onDeliveries={() => setShown(each)}
          />
        )}
      />
      {edited && (
        <WebhookDialog
          of={edited === 'new' ? null : edited}
          about="An address that is told of every proposal: asked for, pushed, commented, approved, published."
          save={async (url) => {
            if (edited === 'new') setMade(await createReviewWebhook(machine, url));
            else await changeReviewWebhook(machine, edited.id, { url });
            void client.invalidateQueries(reviewWebhooksQuery(machine));
          }}
          testId="review-webhook-submit"
          onClose={() => setEdited(null)}
        />
      )}
      {made && (
        <SecretDialog
          title="Your new webhook"
          parts={[
            { name: 'Address', text: made.url },
            { name: 'Secret', text: made.secret },
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
