import type { Draft } from '@/api/definitions';
import type { Revision } from '@/api/state-machines';
import { TimeAgo } from '@/ui/time';

/** The name by which a revision is called when two are compared. */
export const DRAFT = 'draft';

interface Props {
  revisions: Revision[];
  draft: Draft | null;
  before: string | null;
  after: string | null;
  onChoose: (side: 'before' | 'after', id: string) => void;
  onRestore: (revision: Revision) => void;
}

function Sides({ id, label, ...props }: Props & { id: string; label: string }) {
  return (
    <span className="history-sides">
      {(['before', 'after'] as const).map((side) => (
        <input
          key={side}
          type="radio"
          name={side}
          aria-label={`${side === 'before' ? 'Compare' : 'With'} ${label}`}
          checked={props[side] === id}
          disabled={side === 'before' && id === DRAFT}
          onChange={() => props.onChoose(side, id)}
        />
      ))}
    </span>
  );
}

/** Every revision, the latest first, with two columns to choose the pair that is compared. */
export function HistoryList(props: Props) {
  const { revisions, draft } = props;
  return (
    <ol className="history" data-testid="history">
      {draft !== null && (
        <li className="history-row" data-testid="revision">
          <Sides id={DRAFT} label="your draft" {...props} />
          <span className="history-name">Your draft</span>
          <span className="muted">
            <TimeAgo at={draft.updateDate} />
          </span>
        </li>
      )}
      {revisions.map((each) => {
        const label =
          each.version === null ? 'a revision without a number' : `version ${each.version}`;
        return (
          <li key={each.revisionId} className="history-row" data-testid="revision">
            <Sides id={each.revisionId} label={label} {...props} />
            <span className="history-name">
              {each.version === null ? (
                <span className="muted">No version</span>
              ) : (
                `Version ${each.version}`
              )}
              {each.isCurrent && <span className="type-badge">current</span>}
              {each.aliases.map(({ name, weight }) => (
                <span key={name} className="history-alias">
                  {name}
                  {weight < 100 && ` ${weight} %`}
                </span>
              ))}
            </span>
            <span className="muted">
              {each.author !== null && <span data-testid="revision-author">{each.author} · </span>}
              <TimeAgo at={each.creationDate} />
            </span>
            {!each.isCurrent && (
              <button
                type="button"
                className="link history-restore"
                data-testid="restore"
                aria-label={`Restore ${label}`}
                onClick={() => props.onRestore(each)}
              >
                Restore…
              </button>
            )}
            {each.description !== '' && <p className="history-words">{each.description}</p>}
          </li>
        );
      })}
    </ol>
  );
}
