import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { FlaskConical, X } from 'lucide-react';
import { useState } from 'react';

import { getDraft, listDrafts } from '@/api/definitions';
import { revisionsQuery } from '@/api/state-machines';
import { askWhatIf, type Question } from '@/api/what-ifs';
import { Button } from '@/ui/button';

const MOST = 100;

/** Against what, and which executions. */
export function AskForm({
  machine,
  chosen,
  onAsked,
  onChooseNone,
}: {
  machine: string;
  /** Names of executions, chosen in a list; null asks the latest. */
  chosen: readonly string[] | null;
  onAsked: (id: number) => void;
  onChooseNone: () => void;
}) {
  const history = useInfiniteQuery(revisionsQuery(machine));
  const { data: drafts = [], isPending } = useQuery({
    queryKey: ['drafts', 'what-if'],
    queryFn: async () => (await listDrafts()).results,
  });
  const draft = drafts.some(({ name }) => name === machine);
  const revisions = history.data?.pages.flatMap(({ results }) => results) ?? [];
  const versions = revisions.flatMap(({ version }) => (version === null ? [] : [version]));
  const [against, setAgainst] = useState<string | null>(null);
  const [latest, setLatest] = useState(MOST);
  const wanted = against ?? (draft ? 'draft' : 'current');
  const ask = useMutation({
    mutationFn: async () => {
      const question: Question = chosen ? { executions: [...chosen] } : { latest };
      if (wanted === 'draft') {
        // As it is now: it may have been written on since this page was opened.
        const now = await getDraft(machine);
        if (!now) throw new Error('Your draft is no longer there: it was published or discarded.');
        question.definition = now.definition;
        question.format = now.format;
      } else if (wanted !== 'current') question.version = Number(wanted);
      return askWhatIf(machine, question);
    },
    onSuccess: ({ id }) => onAsked(id),
  });
  return (
    <form
      className="what-if-form"
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate();
      }}
    >
      <label>
        What if
        <select
          className="input"
          value={wanted}
          disabled={isPending}
          onChange={({ target }) => setAgainst(target.value)}
          data-testid="what-if-against"
        >
          {draft && <option value="draft">my draft</option>}
          <option value="current">the current revision</option>
          {versions.map((version) => (
            <option key={version} value={version}>
              version {version}
            </option>
          ))}
        </select>
      </label>
      {chosen ? (
        <span className="what-if-chosen">
          had run the {chosen.length === 1 ? 'chosen execution' : `${chosen.length} chosen`}
          <Button variant="ghost" size="small" onClick={onChooseNone} aria-label="Choose none">
            <X />
          </Button>
        </span>
      ) : (
        <label>
          had run the last
          <input
            className="input what-if-latest"
            type="number"
            min={1}
            max={MOST}
            value={latest}
            aria-label="How many executions"
            onChange={({ target }) =>
              setLatest(Math.min(MOST, Math.max(1, Math.round(Number(target.value)) || 1)))
            }
            data-testid="what-if-latest"
          />
          that have ended?
        </label>
      )}
      <Button
        type="submit"
        variant="primary"
        disabled={ask.isPending || isPending}
        data-testid="what-if-ask"
      >
        <FlaskConical />
        Replay them
      </Button>
      <span className="field-error" role="alert">
        {ask.error?.message}
      </span>
    </form>
  );
}
