import { Check, CircleSlash, GitMerge, RefreshCw, TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { useQuery } from '@tanstack/react-query';

import { sessionQuery } from '@/api/session';
import {
  aliasesQuery,
  cancelProposal,
  publishProposal,
  review,
  updateBase,
  type Proposal,
  type ProposalKey,
  type Verdict,
} from '@/api/reviews';
import { Button } from '@/ui/button';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/feedback';
import { TextField } from '@/ui/text-field';

import { AT_ONCE, planOf, PlanFields } from './plan-fields';
import { useDeed } from './use-deed';

interface Of {
  proposal: Proposal;
  of: ProposalKey;
}

/** What was looked at when a dialog was opened: a later push is not what is said of it. */
interface Seen {
  of: ProposalKey;
  push: number;
  onClose: () => void;
}

function ReviewDialog({ of, push, verdict, onClose }: Seen & { verdict: Verdict }) {
  const [message, setMessage] = useState('');
  const say = useDeed(
    () => review(of, { push, verdict, message }),
    () => {
      onClose();
      toast('info', verdict === 'APPROVED' ? 'Approved.' : 'Your word is noted.');
    },
  );
  const approves = verdict === 'APPROVED';
  return (
    <Dialog
      open
      onClose={onClose}
      title={approves ? 'Approve' : 'Ask for changes'}
      description={
        approves
          ? `You approve exactly push ${push}. A later push needs a new approval.`
          : 'It cannot be published until you approve it, or take this back.'
      }
    >
      <ConfirmForm
        deed={{ ...say, mutate: () => say.mutate(undefined) }}
        onClose={onClose}
        keep="Not yet"
        testId="review-submit"
        fields={
          <TextField
            label="What you have to say"
            note="may be empty"
            className="comment-text"
            lines={4}
            value={message}
            testId="review-message"
            onChange={setMessage}
          />
        }
      >
        {approves ? 'Approve' : 'Ask for changes'}
      </ConfirmForm>
    </Dialog>
  );
}

function PublishDialog({ title, of, push, onClose }: Seen & { title: string }) {
  const { data, error: unknown } = useQuery(aliasesQuery(of.name));
  const [alias, setAlias] = useState<string | null>(null);
  const [description, setDescription] = useState(title);
  const [values, setValues] = useState(AT_ONCE);
  const aliasId = useId();
  const names = data?.results.map(({ name }) => name) ?? [];
  const chosen = alias ?? names[0] ?? '';
  const publish = useDeed(
    () => {
      const plan = planOf(values);
      return publishProposal(of, {
        push,
        description,
        ...(chosen !== '' && { alias: chosen, ...(plan && { plan }) }),
      });
    },
    ({ version }) => {
      onClose();
      toast('info', `Published as version ${version ?? ''}. Running executions keep theirs.`);
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Publish push ${push}`}
      description="It becomes a version, and what new executions run. Running ones keep what they began with."
    >
      <ConfirmForm
        deed={{
          ...publish,
          // Until it is known which aliases there are, none would be moved.
          isPending: publish.isPending || data === undefined,
          error: publish.error ?? (data === undefined ? unknown : null),
          mutate: () => publish.mutate(undefined),
        }}
        onClose={onClose}
        keep="Not yet"
        testId="publish-proposal-submit"
        fields={
          <>
            <TextField
              label="Description of the version"
              maxLength={256}
              value={description}
              onChange={setDescription}
            />
            <label htmlFor={aliasId} className="field-label">
              Alias that is to start it
            </label>
            <select
              id={aliasId}
              className="input"
              value={chosen}
              disabled={data === undefined}
              data-testid="publish-alias"
              onChange={({ target }) => setAlias(target.value)}
            >
              <option value="">None</option>
              {names.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
            {chosen !== '' && <PlanFields values={values} onChange={setValues} />}
          </>
        }
      >
        Publish
      </ConfirmForm>
    </Dialog>
  );
}

function CancelDialog({ of, onClose }: Omit<Seen, 'push'>) {
  const cancel = useDeed(() => cancelProposal(of), onClose);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Cancel the proposal?"
      description="Nothing of it is published. It stays to be read, with all that was said."
    >
      <ConfirmForm
        deed={{ ...cancel, mutate: () => cancel.mutate(undefined) }}
        onClose={onClose}
        keep="Keep it open"
        testId="cancel-submit"
        danger
      >
        Cancel the proposal
      </ConfirmForm>
    </Dialog>
  );
}

type What = Extract<Verdict, 'APPROVED' | 'CHANGES_REQUESTED'> | 'publish' | 'cancel';

/** What one can do with a proposal as a whole; `shown` is the push whose changes are shown. */
export function ProposalActions({ proposal, of, shown }: Of & { shown: number | null }) {
  const [asked, setAsked] = useState<{ what: What; push: number } | null>(null);
  const { data: session } = useQuery(sessionQuery);
  const base = useDeed(
    () => updateBase(of, proposal.push),
    () => toast('info', 'Updated from what was published since. Approvals are needed anew.'),
  );
  if (proposal.status !== 'OPEN') return null;
  const mine = session !== undefined && proposal.authors.includes(session.username);
  // Nobody says anything of a push that they have not been shown.
  const unseen = session === undefined || shown !== proposal.push;
  const close = () => setAsked(null);
  const ask = (what: What) => setAsked({ what, push: proposal.push });
  return (
    <>
      {proposal.baseMoved && (
        <Button disabled={base.isPending} onClick={() => base.mutate(undefined)} data-testid="base">
          <RefreshCw aria-hidden="true" />
          Update from what was published
        </Button>
      )}
      <Button variant="ghost" onClick={() => ask('cancel')} data-testid="cancel-proposal">
        Cancel…
      </Button>
      <Button
        disabled={unseen}
        onClick={() => ask('CHANGES_REQUESTED')}
        data-testid="ask-for-changes"
      >
        Ask for changes
      </Button>
      <Button
        disabled={mine || unseen}
        title={mine ? 'Somebody else has to approve what you have written' : undefined}
        onClick={() => ask('APPROVED')}
        data-testid="approve"
      >
        <Check aria-hidden="true" />
        Approve
      </Button>
      <Button
        variant="primary"
        disabled={proposal.blockers.length > 0 || unseen}
        title={proposal.blockers.map(({ message }) => message).join(' ') || undefined}
        onClick={() => ask('publish')}
        data-testid="publish-proposal"
      >
        <GitMerge aria-hidden="true" />
        Publish…
      </Button>
      {(asked?.what === 'APPROVED' || asked?.what === 'CHANGES_REQUESTED') && (
        <ReviewDialog of={of} push={asked.push} verdict={asked.what} onClose={close} />
      )}
      {asked?.what === 'publish' && (
        <PublishDialog title={proposal.title} of={of} push={asked.push} onClose={close} />
      )}
      {asked?.what === 'cancel' && <CancelDialog of={of} onClose={close} />}
    </>
  );
}

/** What stands in the way of publishing; nothing stands there where it may be published. */
export function Blockers({ proposal }: { proposal: Proposal }) {
  if (proposal.status !== 'OPEN') return null;
  return (
    <ul className="blockers" data-testid="blockers">
      {proposal.blockers.length === 0 ? (
        <li data-status="SUCCEEDED">
          <Check aria-hidden="true" /> It can be published.
        </li>
      ) : (
        proposal.blockers.map(({ code, message }) => (
          <li key={code + message} data-code={code} data-status="CAUGHT">
            {code === 'CHANGES_REQUESTED' ? (
              <CircleSlash aria-hidden="true" />
            ) : (
              <TriangleAlert aria-hidden="true" />
            )}
            {message}
          </li>
        ))
      )}
    </ul>
  );
}
