import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { chooseMails, mailChoicesQuery, type NotificationEvent } from '@/api/reviews';
import { PageFailed } from '@/app/failures';
import { Skeleton, toast } from '@/ui/feedback';

const WORDS: [NotificationEvent, string][] = [
  ['REVIEW_REQUESTED', 'My review is asked for'],
  ['PUSHED', 'A proposal of mine, or that I review, is changed'],
  ['COMMENTED', 'Somebody comments'],
  ['APPROVED', 'Somebody approves'],
  ['CHANGES_REQUESTED', 'Somebody asks for changes'],
  ['REVIEWED', 'Somebody looked at it'],
  ['CHECK_FAILED', 'A check fails'],
  ['PUBLISHED', 'It is published'],
  ['CANCELLED', 'It is cancelled'],
];

/** Of what one is told by mail, too; the bell tells all of it. */
export function MailChoices() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(mailChoicesQuery);
  const choose = useMutation({
    mutationFn: chooseMails,
    // One choice after the other: each sends all of them.
    scope: { id: 'mail-choices' },
    onSuccess: (choices) => client.setQueryData(mailChoicesQuery.queryKey, choices),
    onError: (problem) => toast('error', problem.message),
  });
  if (error && !data) return <PageFailed error={error} reset={() => void refetch()} />;
  if (!data) return <Skeleton width="60%" />;
  const chosen = choose.isPending ? choose.variables : data.events;
  return (
    <fieldset className="mail-choices" data-testid="mail-choices">
      <legend className="muted">
        {!data.isConfigured
          ? 'This installation sends no mails; what you choose counts once it does.'
          : data.address === null
            ? 'Your account has no address, so no mails come. An administrator can give it one.'
            : `To ${data.address}, when`}
      </legend>
      {WORDS.map(([event, words]) => (
        <label key={event}>
          <input
            type="checkbox"
            checked={chosen.includes(event)}
            disabled={choose.isPending}
            data-testid="mail-choice"
            data-event={event}
            onChange={({ target }) =>
              choose.mutate(
                target.checked ? [...chosen, event] : chosen.filter((each) => each !== event),
              )
            }
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
