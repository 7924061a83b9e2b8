import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';

import type { DefinitionFormat } from '@/api/definitions';
import { sessionQuery } from '@/api/session';
import { openProposalsQuery, propose, proposalChanged, pushTo } from '@/api/reviews';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { TextField } from '@/ui/text-field';

import { PeopleField } from './people';
import './reviews.css';

interface Props {
  name: string;
  /** What is proposed, asked for when it is sent. */
  content: () => {
    definition: string;
    format: DefinitionFormat;
    baseRevisionId: string;
    roleArn?: string;
    loggingConfiguration?: Record<string, unknown>;
    tracingConfiguration?: Record<string, unknown>;
  };
  onClose: () => void;
  onProposed: (number: number) => void;
}

/** A draft becomes a proposal, or the next push of one that is open. */
export default function ProposeDialog({ name, content, onClose, onProposed }: Props) {
  const client = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const { data: open, error: unknown } = useQuery(openProposalsQuery(name));
  const [target, setTarget] = useState<number | 'new' | null>(null);
  const [title, setTitle] = useState('');
  const [words, setWords] = useState('');
  const [reviewers, setReviewers] = useState<string[]>([]);
  const [untitled, setUntitled] = useState(false);
  const targetId = useId();
  // Most often one goes on with what one has proposed.
  const mine = open?.results.find(({ author }) => author === session?.username);
  const chosen = target ?? mine?.number ?? 'new';
  const existing = open?.results.find(({ number }) => number === chosen);

  const send = useMutation({
    mutationFn: () =>
      existing
        ? pushTo(
            { name, number: existing.number },
            { ...content(), follows: existing.push, message: words.slice(0, 256) },
          )
        : propose(name, { ...content(), title, description: words, reviewers }),
    onSuccess: (proposal) => {
      proposalChanged(client, proposal);
      void client.invalidateQueries({ queryKey: ['proposals'] });
      onProposed(proposal.number);
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Propose this change"
      description="What is in the editor now is frozen and shown to others. Nothing runs it until it is published; your draft stays."
    >
      <ConfirmForm
        deed={{
          ...send,
          // Until it is known what is open, a push would be taken for a new proposal.
          isPending: send.isPending || open === undefined || session === undefined,
          error: send.error ?? unknown,
          mutate: () => {
            if (!existing && title.trim() === '') setUntitled(true);
            else send.mutate();
          },
        }}
        onClose={onClose}
        keep="Go on editing"
        testId="propose-submit"
        fields={
          <>
            {open !== undefined && open.results.length > 0 && (
              <>
                <label className="field-label" htmlFor={targetId}>
                  As
                </label>
                <select
                  id={targetId}
                  className="input"
                  value={String(chosen)}
                  data-testid="propose-as"
                  onChange={({ target: { value } }) =>
                    setTarget(value === 'new' ? 'new' : Number(value))
                  }
                >
                  {open.results.map(({ number, title, author }) => (
                    <option key={number} value={number}>
                      {`The next push of #${number} ${title} (${author ?? 'somebody'})`}
                    </option>
                  ))}
                  <option value="new">A new proposal</option>
                </select>
              </>
            )}
            {open !== undefined && !existing && (
              <TextField
                label="Title"
                maxLength={200}
                value={title}
                placeholder="What does it change, or why?"
                testId="propose-title"
                problem={untitled ? 'Give it a title.' : undefined}
                onChange={(given) => {
                  setTitle(given);
                  setUntitled(false);
                }}
              />
            )}
            <TextField
              label={existing ? 'What is new in this push' : 'More about it'}
              note="may be empty"
              className="comment-text"
              lines={4}
              value={words}
              maxLength={existing ? 256 : 20_000}
              testId="propose-words"
              onChange={setWords}
            />
            {open !== undefined && !existing && (
              <PeopleField
                name={name}
                label="Ask for a review"
                chosen={reviewers}
                except={session ? [session.username] : []}
                onChange={setReviewers}
              />
            )}
          </>
        }
      >
        {existing ? `Push to #${existing.number}` : 'Propose'}
      </ConfirmForm>
    </Dialog>
  );
}
