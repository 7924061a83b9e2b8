import { CircleHelp, CircleX, Equal, GitFork, LoaderCircle } from 'lucide-react';
import { useState } from 'react';

import type { Replay, Verdict, WhatIf } from '@/api/what-ifs';
import { Button } from '@/ui/button';

import { sentenceOf } from './paths';

const SIGNS = {
  SAME: { icon: Equal, word: 'Same', tone: 'SUCCEEDED' },
  DIVERGES: { icon: GitFork, word: 'Diverges', tone: 'CAUGHT' },
  UNREPEATABLE: { icon: CircleHelp, word: 'By chance', tone: 'ABORTED' },
  FAILED: { icon: CircleX, word: 'Not replayed', tone: 'FAILED' },
  WAITING: { icon: LoaderCircle, word: 'Waiting', tone: 'NOT_REACHED' },
} as const;

const HINTS: Record<Verdict, string> = {
  SAME: 'The same path and output',
  DIVERGES: 'Something would have been otherwise',
  UNREPEATABLE: 'Not even its own definition repeats it: it went by chance, the clock, or by hand',
  FAILED: 'It could not be replayed',
};
const VERDICTS = Object.keys(HINTS) as Verdict[];

/** Sign and word of what came of one replay. */
export function VerdictMark({ verdict }: { verdict: Verdict | null }) {
  const { icon: Icon, word, tone } = SIGNS[verdict ?? 'WAITING'];
  return (
    <span className="verdict" data-status={tone} data-verdict={verdict ?? 'WAITING'}>
      <Icon aria-hidden="true" />
      {word}
    </span>
  );
}

/** What says most about a replay, in one line. */
function gist({ verdict, divergences, stop }: Replay): string {
  if (verdict === 'FAILED') return stop?.message ?? '';
  const weighty = divergences.find(({ kind }) => kind !== 'DATA') ?? divergences[0];
  return weighty && verdict !== 'SAME' ? sentenceOf(weighty) : '';
}

/** How far the question has come, and every execution with what came of it. */
export function Results({
  whatIf,
  selected,
  onSelect,
}: {
  whatIf: WhatIf;
  selected: string | null;
  onSelect: (execution: string) => void;
}) {
  const [only, setOnly] = useState<Verdict | null>(null);
  const { total, done, counts, results } = whatIf;
  const shown = only === null ? results : results.filter(({ verdict }) => verdict === only);
  return (
    <section className="what-if-results" aria-label="Results" data-testid="what-if-results">
      <header>
        <div
          className="what-if-progress"
          role="progressbar"
          aria-label="Replayed"
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={done}
          data-testid="what-if-progress"
          data-done={done}
          data-total={total}
        >
          {VERDICTS.map((each) => (
            <span
              key={each}
              data-status={SIGNS[each].tone}
              style={{ width: `${(counts[each] / total) * 100}%` }}
            />
          ))}
        </div>
        <p className="muted" aria-live="polite">
          {done < total ? `${done} of ${total} replayed` : `${total} replayed`}
        </p>
        <div className="what-if-verdicts" role="group" aria-label="Show only">
          {VERDICTS.map((each) => (
            <button
              key={each}
              type="button"
              className="status-choice"
              data-status={SIGNS[each].tone}
              aria-pressed={only === each}
              title={HINTS[each]}
              onClick={() => setOnly(only === each ? null : each)}
              data-testid="verdict-count"
              data-verdict={each}
              data-count={counts[each]}
            >
              <VerdictMark verdict={each} /> {counts[each]}
            </button>
          ))}
        </div>
      </header>
      <ol>
        {shown.map((replay) => (
          <li key={replay.executionName}>
            <button
              type="button"
              className="replay-row"
              disabled={replay.verdict === null}
              aria-current={selected === replay.executionName ? 'true' : undefined}
              onClick={() => onSelect(replay.executionName)}
              data-testid="replay-row"
              data-name={replay.executionName}
              data-verdict={replay.verdict ?? 'WAITING'}
            >
              <VerdictMark verdict={replay.verdict} />
              <span className="mono ellipsis">{replay.executionName}</span>
              <span className="replay-gist ellipsis" title={gist(replay)}>
                {gist(replay)}
              </span>
            </button>
          </li>
        ))}
        {shown.length === 0 && (
          <li className="what-if-none muted">
            None of these.{' '}
            <Button size="small" variant="ghost" onClick={() => setOnly(null)}>
              Show all
            </Button>
          </li>
        )}
      </ol>
    </section>
  );
}
