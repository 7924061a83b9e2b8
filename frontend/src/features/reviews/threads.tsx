import { MapPin, MapPinOff } from 'lucide-react';
import { useState } from 'react';

import {
  applySuggestion,
  beginThread,
  replyTo,
  setResolved,
  type Comment,
  type Proposal,
  type ProposalKey,
  type Thread,
} from '@/api/reviews';
import type { Definition } from '@/asl/definition';
import { placesOf } from '@/asl/definition';
import { Button } from '@/ui/button';
import { prettyJson } from '@/ui/json-text';
import { TimeAgo } from '@/ui/time';

import { CommentForm } from './comment-form';
import { fieldsOf, placeName, statePointers } from './pointers';
import { useDeed } from './use-deed';

interface Of {
  proposal: Proposal;
  of: ProposalKey;
}

function Suggestion({ comment, proposal, of }: Of & { comment: Comment }) {
  const apply = useDeed((id: number) => applySuggestion(of, id, proposal.push));
  if (comment.suggestion === null) return null;
  return (
    <div className="suggestion" data-testid="suggestion">
      <pre className="suggestion-old" aria-label="Value that it had">
        {prettyJson(comment.suggestedFor ?? '')}
      </pre>
      <pre className="suggestion-new" aria-label="Suggested value">
        {prettyJson(comment.suggestion)}
      </pre>
      <footer>
        {comment.appliedIn !== null ? (
          <span className="muted">Applied in push {comment.appliedIn}</span>
        ) : comment.fits ? (
          <Button
            size="small"
            disabled={apply.isPending}
            data-testid="apply-suggestion"
            onClick={() => apply.mutate(comment.id)}
          >
            Apply
          </Button>
        ) : (
          proposal.status === 'OPEN' && (
            <span className="muted">The place has changed: it cannot be applied any more.</span>
          )
        )}
      </footer>
    </div>
  );
}

function ThreadCard({
  thread,
  proposal,
  of,
  onShow,
}: Of & { thread: Thread; onShow: (state: string) => void }) {
  const [replying, setReplying] = useState(false);
  const [opened, setOpened] = useState(false);
  const resolved = thread.resolvedDate !== null;
  const say = useDeed(({ text, suggestion }: { text: string; suggestion: string | undefined }) =>
    replyTo(of, thread.id, { text, ...(suggestion !== undefined && { suggestion }) }),
  );
  const resolve = useDeed((value: boolean) => setResolved(of, thread.id, value));
  const { state } = thread;
  const folded = resolved && !opened;
  return (
    <li
      className="thread"
      data-testid="thread"
      data-state-name={state}
      data-resolved={resolved || undefined}
      data-gone={thread.isGone || undefined}
    >
      <header>
        {thread.isGone ? <MapPinOff aria-hidden="true" /> : <MapPin aria-hidden="true" />}
        {state !== null && !thread.stateIsGone ? (
          <button
            type="button"
            className="thread-place"
            data-testid="thread-place"
            onClick={() => onShow(state)}
          >
            {placeName(thread.pointer)}
          </button>
        ) : (
          <span className="thread-place" data-testid="thread-place">
            {placeName(thread.pointer)}
          </span>
        )}
        {resolved && (
          <Button size="small" variant="ghost" onClick={() => setOpened(!opened)}>
            {opened ? 'Fold' : `Resolved by ${thread.resolvedBy ?? 'somebody'}`}
          </Button>
        )}
      </header>
      {thread.isGone && (
        <p className="thread-gone" data-testid="thread-gone">
          {thread.stateIsGone
            ? `${state ?? 'The state'} is gone. It was last in push ${thread.anchorPush}.`
            : `This place is gone. It was last in push ${thread.anchorPush}${
                state === null ? '' : `; ${state} is still there`
              }.`}
          {thread.value !== null && <code>{thread.value}</code>}
        </p>
      )}
      {!folded && (
        <>
          <ol className="comments">
            {thread.comments.map((comment) => (
              <li key={comment.id} data-testid="comment">
                <p className="comment-head">
                  <strong>{comment.author ?? 'Somebody'}</strong>{' '}
                  <span className="muted">
                    <TimeAgo at={comment.creationDate} />
                  </span>
                </p>
                {comment.text !== '' && <p className="comment-words">{comment.text}</p>}
                <Suggestion comment={comment} proposal={proposal} of={of} />
              </li>
            ))}
          </ol>
          {replying ? (
            <CommentForm
              label="Answer"
              submit="Answer"
              pending={say.isPending}
              value={thread.isGone ? null : thread.value}
              onCancel={() => setReplying(false)}
              onSubmit={(text, suggestion, reset) =>
                say.mutate(
                  { text, suggestion },
                  {
                    onSuccess: () => {
                      reset();
                      setReplying(false);
                    },
                  },
                )
              }
            />
          ) : (
            <div className="comment-buttons">
              <Button size="small" variant="ghost" onClick={() => setReplying(true)}>
                Answer
              </Button>
              <Button
                size="small"
                variant="ghost"
                disabled={resolve.isPending}
                data-testid="resolve"
                onClick={() => resolve.mutate(!resolved)}
              >
                {resolved ? 'Open again' : 'Resolve'}
              </Button>
            </div>
          )}
        </>
      )}
    </li>
  );
}

/** A new thread: on the selected state, one of its fields, or all of it. */
function NewThread({
  proposal,
  of,
  definition,
  isShown,
  selected,
}: Of & { definition: Definition; isShown: boolean; selected: string | null }) {
  const [field, setField] = useState('');
  const begin = useDeed(
    (given: { pointer: string; text: string; suggestion: string | undefined }) =>
      beginThread(of, {
        push: proposal.push,
        pointer: given.pointer,
        text: given.text,
        ...(given.suggestion !== undefined && { suggestion: given.suggestion }),
      }),
  );
  const place = selected === null ? undefined : placesOf(definition).get(selected);
  const fields = place ? fieldsOf(place.state) : [];
  const chosen = fields.find(({ pointer }) => pointer === field);
  const pointer =
    place === undefined || selected === null
      ? ''
      : `${statePointers(definition).get(selected) ?? ''}${chosen?.pointer ?? ''}`;
  return (
    <div className="new-thread" data-testid="new-thread">
      <p className="muted">
        {place ? (
          <>
            About <strong>{selected}</strong>
            <select
              className="input"
              aria-label="Field that it is about"
              value={chosen ? field : ''}
              data-testid="thread-field"
              onChange={({ target }) => setField(target.value)}
            >
              <option value="">the whole state</option>
              {fields.map(({ pointer, name }) => (
                <option key={pointer} value={pointer}>
                  {name}
                </option>
              ))}
            </select>
          </>
        ) : (
          'About all of it. Select a state in the graph to comment on that.'
        )}
      </p>
      <CommentForm
        label={place ? `Comment on ${chosen ? chosen.name : (selected ?? '')}` : 'Comment'}
        submit="Comment"
        // Places are those of what is shown; in a later push they may be others.
        pending={begin.isPending || !isShown}
        value={chosen ? JSON.stringify(chosen.value, null, 2) : null}
        onSubmit={(text, suggestion, reset) =>
          begin.mutate({ pointer, text, suggestion }, { onSuccess: reset })
        }
      />
    </div>
  );
}

/** All threads: those of the selected state first, resolved ones last. */
export function Threads({
  proposal,
  of,
  definition,
  isShown,
  selected,
  onShow,
}: Of & {
  definition: Definition | null;
  /** Whether it is that of the latest push; else that is still being fetched. */
  isShown: boolean;
  selected: string | null;
  onShow: (state: string) => void;
}) {
  const order = ({ state, resolvedDate }: Thread) =>
    (resolvedDate === null ? 0 : 2) + (state === selected ? 0 : 1);
  const threads = proposal.threads.toSorted((a, b) => order(a) - order(b));
  const open = threads.filter(({ resolvedDate }) => resolvedDate === null).length;
  return (
    <section aria-label="Threads" className="review-section">
      <h2>
        Threads <span className="muted">{open > 0 ? `${open} open` : ''}</span>
      </h2>
      {definition !== null && proposal.status === 'OPEN' && (
        <NewThread
          key={selected ?? ''}
          proposal={proposal}
          of={of}
          definition={definition}
          isShown={isShown}
          selected={selected}
        />
      )}
      <ol className="threads">
        {threads.map((thread) => (
          <ThreadCard key={thread.id} thread={thread} proposal={proposal} of={of} onShow={onShow} />
        ))}
      </ol>
    </section>
  );
}
