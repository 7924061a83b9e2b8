import { Check, CircleSlash, GitMerge, RefreshCw, TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { useQuery } from '@tanstack/react-query';

import { sessionQuery } from '@/api/queries';
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

import { AT_ONCE, planOf, PlanFields } from './plan-fields';
import { useDeed } from './use-deed';

interface Of {
  proposal: Proposal;
  of: ProposalKey;
}

function ReviewDialog({
  proposal,
  of,
  verdict,
  onClose,
}: Of & { verdict: Verdict; onClose: () => void }) {
  const [message, setMessage] = useState('');
  const id = useId();
  const say = useDeed(
    () => review(of, { push: proposal.push, verdict, message }),
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
          ? `You approve exactly push ${proposal.push}. A later push needs a new approval.`
          : 'It cannot be published until you approve it, or take this back.'
      }
    >
      <ConfirmForm
        deed={{ ...say, mutate: () => say.mutate(undefined) }}
        onClose={onClose}
        keep="Not yet"
        testId="review-submit"
        fields={
          <>
            <label htmlFor={id} className="field-label">
              What you have to say <small>may be empty</small>
            </label>
            <textarea
              id={id}
              className="input comment-text"
              value={message}
              data-testid="review-message"
              onChange={({ target }) => setMessage(target.value)}
            />
          </>
        }
      >
        {approves ? 'Approve' : 'Ask for changes'}
      </ConfirmForm>
    </Dialog>
  );
}

function PublishDialog({ proposal, of, onClose }: Of & { onClose: () => void }) {
  const { data } = useQuery(aliasesQuery(of.name));
  const [alias, setAlias] = useState<string | null>(null);
  const [description, setDescription] = useState(proposal.title);
  const [values, setValues] = useState(AT_ONCE);
  const ids = [useId(), useId()] as const;
  const names = data?.results.map(({ name }) => name) ?? [];
  const chosen = alias ?? names[0] ?? '';
  const publish = useDeed(
    () => {
      const plan = planOf(values);
      return publishProposal(of, {
        push: proposal.push,
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
      title={`Publish push ${proposal.push}`}
      description="It becomes a version, and what new executions run. Running ones keep what they began with."
    >
      <ConfirmForm
        deed={{ ...publish, mutate: () => publish.mutate(undefined) }}
        onClose={onClose}
        keep="Not yet"
        testId="publish-proposal-submit"
        fields={
          <>
            <label htmlFor={ids[0]} className="field-label">
              Description of the version
            </label>
            <input
              id={ids[0]}
              className="input"
              maxLength={256}
              value={description}
              onChange={({ target }) => setDescription(target.value)}
            />
            <label htmlFor={ids[1]} className="field-label">
              Alias that is to start it
            </label>
            <select
              id={ids[1]}
              className="input"
              value={chosen}
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

function CancelDialog({ of, onClose }: Pick<Of, 'of'> & { onClose: () => void }) {
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

type Asked = 'APPROVED' | 'CHANGES_REQUESTED' | 'publish' | 'cancel' | null;

/** What one can do with a proposal as a whole. */
export function ProposalActions({ proposal, of }: Of) {
  const [asked, setAsked] = useState<Asked>(null);
  const { data: session } = useQuery(sessionQuery);
  const base = useDeed(
    () => updateBase(of, proposal.push),
    () => toast('info', 'Updated from what was published since. Approvals are needed anew.'),
  );
  if (proposal.status !== 'OPEN') return null;
  const mine = session !== undefined && proposal.authors.includes(session.username);
  const close = () => setAsked(null);
  return (
    <>
      {proposal.baseMoved && (
        <Button disabled={base.isPending} onClick={() => base.mutate(undefined)} data-testid="base">
          <RefreshCw aria-hidden="true" />
          Update from what was published
        </Button>
      )}
      <Button variant="ghost" onClick={() => setAsked('cancel')} data-testid="cancel-proposal">
        Cancel…
      </Button>
      <Button onClick={() => setAsked('CHANGES_REQUESTED')} data-testid="ask-for-changes">
        Ask for changes
      </Button>
      <Button
        disabled={mine}
        title={mine ? 'Somebody else has to approve what you have written' : undefined}
        onClick={() => setAsked('APPROVED')}
        data-testid="approve"
      >
        <Check aria-hidden="true" />
        Approve
      </Button>
      <Button
        variant="primary"
        disabled={proposal.blockers.length > 0}
        title={proposal.blockers.map(({ message }) => message).join(' ') || undefined}
        onClick={() => setAsked('publish')}
        data-testid="publish-proposal"
      >
        <GitMerge aria-hidden="true" />
        Publish…
      </Button>
      {(asked === 'APPROVED' || asked === 'CHANGES_REQUESTED') && (
        <ReviewDialog proposal={proposal} of={of} verdict={asked} onClose={close} />
      )}
      {asked === 'publish' && <PublishDialog proposal={proposal} of={of} onClose={close} />}
      {asked === 'cancel' && <CancelDialog of={of} onClose={close} />}
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
