import { Check, CircleSlash, Clock, MessageSquare } from 'lucide-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';

import {
  describeProposal,
  proposalQuery,
  reviewersQuery,
  setRules,
  type Proposal,
  type ProposalKey,
  type Rules,
} from '@/api/reviews';
import { Button } from '@/ui/button';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { TimeAgo } from '@/ui/time';

import { useDeed } from './use-deed';

interface Of {
  proposal: Proposal;
  of: ProposalKey;
}

const SIGNS = { APPROVED: Check, CHANGES_REQUESTED: CircleSlash, COMMENTED: MessageSquare };
const TONES = { APPROVED: 'SUCCEEDED', CHANGES_REQUESTED: 'CAUGHT', COMMENTED: 'ABORTED' };
const WORDS = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'asks for changes of',
  COMMENTED: 'looked at',
};

/** A choice among the people who may review. */
export function PeopleField({
  name,
  label,
  chosen,
  except,
  onChange,
}: {
  name: string;
  label: string;
  chosen: string[];
  except: string[];
  onChange: (chosen: string[]) => void;
}) {
  const { data } = useQuery(reviewersQuery(name));
  const people = [...new Set([...(data?.results ?? []), ...chosen])].filter(
    (each) => !except.includes(each),
  );
  return (
    <fieldset className="people-field">
      <legend className="field-label">{label}</legend>
      {people.length === 0 && (
        <p className="muted">Nobody else may review yet. An admin gives people that role.</p>
      )}
      {people.map((each) => (
        <label key={each}>
          <input
            type="checkbox"
            checked={chosen.includes(each)}
            data-testid="person"
            data-person={each}
            onChange={({ target }) =>
              onChange(
                target.checked ? [...chosen, each] : chosen.filter((other) => other !== each),
              )
            }
          />
          {each}
        </label>
      ))}
    </fieldset>
  );
}

function ReviewersDialog({ proposal, of, onClose }: Of & { onClose: () => void }) {
  const [chosen, setChosen] = useState(proposal.reviewers);
  const save = useDeed(() => describeProposal(of, { reviewers: chosen }), onClose);
  return (
    <Dialog open onClose={onClose} title="Who is asked to review it?">
      <ConfirmForm
        deed={{ ...save, mutate: () => save.mutate(undefined) }}
        onClose={onClose}
        keep="Leave it"
        testId="reviewers-submit"
        fields={
          <PeopleField
            name={of.name}
            label="Reviewers"
            chosen={chosen}
            except={proposal.author === null ? [] : [proposal.author]}
            onChange={setChosen}
          />
        }
      >
        Ask them
      </ConfirmForm>
    </Dialog>
  );
}

/** Who is asked, and what each has said. */
export function Reviewers({ proposal, of }: Of) {
  const [asking, setAsking] = useState(false);
  const said = new Map(proposal.reviews.map((each) => [each.reviewer, each]));
  const names = [...new Set([...proposal.reviewers, ...said.keys()])];
  return (
    <section aria-label="Reviewers" className="review-section">
      <h2>
        Reviewers
        {proposal.status === 'OPEN' && (
          <Button size="small" variant="ghost" onClick={() => setAsking(true)}>
            Change…
          </Button>
        )}
      </h2>
      {names.length === 0 && <p className="muted">Nobody is asked yet.</p>}
      <ul className="checks">
        {names.map((name) => {
          const each = said.get(name);
          const Icon = each ? SIGNS[each.verdict] : Clock;
          const stale = each?.verdict === 'APPROVED' && !each.counts;
          return (
            <li
              key={name}
              data-testid="reviewer"
              data-reviewer={name}
              data-verdict={each?.verdict}
              data-stale={stale || undefined}
            >
              <span
                className="check-sign"
                data-status={each && !stale ? TONES[each.verdict] : 'ABORTED'}
              >
                <Icon aria-hidden="true" />
              </span>
              <span>
                <strong>{name}</strong>{' '}
                {each ? (
                  <span className="muted">
                    {WORDS[each.verdict]} push {each.push}
                    {stale &&
                      (each.push === proposal.push
                        ? ', which does not count here'
                        : ': void, there is a later one')}
                    {' · '}
                    <TimeAgo at={each.creationDate} />
                  </span>
                ) : (
                  <span className="muted">is asked</span>
                )}
                {each && each.message !== '' && <p className="comment-words">{each.message}</p>}
              </span>
            </li>
          );
        })}
      </ul>
      {asking && <ReviewersDialog proposal={proposal} of={of} onClose={() => setAsking(false)} />}
    </section>
  );
}

/** The rules of a state machine, for an admin to set. */
export function RulesDialog({
  of,
  rules,
  onClose,
}: {
  of: ProposalKey;
  rules: Rules;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [values, setValues] = useState(rules);
  const id = useId();
  const save = useMutation({
    mutationFn: () => setRules(of.name, values),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: proposalQuery(of).queryKey });
      onClose();
    },
  });
  const flag = (key: keyof Rules, label: string) => (
    <label className="plan-failure">
      <input
        type="checkbox"
        checked={values[key] === true}
        data-testid={`rule-${key}`}
        onChange={({ target }) =>
          setValues({
            ...values,
            [key]: target.checked,
            // Where a review is required an author is never alone.
            ...(key === 'isRequired' &&
              target.checked && { approvals: Math.max(values.approvals, 1) }),
          })
        }
      />
      {label}
    </label>
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Rules of ${of.name}`}
      description="What a change needs before it is published. An author's own word never counts."
    >
      <ConfirmForm
        deed={save}
        onClose={onClose}
        keep="Leave them"
        testId="rules-submit"
        fields={
          <div className="rules-fields">
            {flag('isRequired', 'Only reviewed proposals change what runs')}
            {values.isRequired && flag('bindsPrograms', 'UpdateStateMachine is refused, too')}
            <label className="field-label" htmlFor={id}>
              Approvals
            </label>
            <input
              id={id}
              className="input"
              type="number"
              min={values.isRequired ? 1 : 0}
              max={20}
              value={values.approvals}
              data-testid="rule-approvals"
              onChange={({ target }) =>
                setValues({ ...values, approvals: target.valueAsNumber || 0 })
              }
            />
            <PeopleField
              name={of.name}
              label="Only theirs count (none chosen: anybody's)"
              chosen={values.approvers}
              except={[]}
              onChange={(approvers) => setValues({ ...values, approvers })}
            />
            {flag('testsMustPass', 'Saved test cases must pass')}
            {flag('whatIfMustNotDiverge', 'Recorded executions must not go another way')}
            {flag('threadsMustBeResolved', 'Every thread must be resolved')}
          </div>
        }
      >
        Save
      </ConfirmForm>
    </Dialog>
  );
}

/** The rules in words. */
export function RulesSection({ proposal, of }: Of) {
  const [editing, setEditing] = useState(false);
  const { rules } = proposal;
  const words = [
    rules.approvals > 0 &&
      `${rules.approvals} approval${rules.approvals > 1 ? 's' : ''}${
        rules.approvers.length > 0 ? ` of ${rules.approvers.join(', ')}` : ''
      }`,
    rules.testsMustPass && 'saved test cases pass',
    rules.whatIfMustNotDiverge && 'recorded executions go the same way',
    rules.threadsMustBeResolved && 'every thread is resolved',
  ].filter(Boolean);
  return (
    <section aria-label="Rules" className="review-section">
      <h2>
        Rules
        <Button
          size="small"
          variant="ghost"
          data-testid="edit-rules"
          onClick={() => setEditing(true)}
        >
          Change…
        </Button>
        <Link
          className="button button-ghost button-small"
          to="/state-machines/$name/webhooks"
          params={{ name: of.name }}
          data-testid="webhooks-link"
        >
          Webhooks
        </Link>
      </h2>
      <p className="muted">
        {words.length > 0 ? `It takes: ${words.join('; ')}.` : 'Nothing is asked for.'}{' '}
        {rules.isRequired
          ? 'Nothing else changes what runs.'
          : 'Changes can be published without a review.'}
      </p>
      {editing && <RulesDialog of={of} rules={rules} onClose={() => setEditing(false)} />}
    </section>
  );
}
