import type { ListedStatus } from '@/api/executions';
import type { MapRunCounts } from '@/api/map-runs';
import { StatusGlyph } from '@/ui/status';

import { sharesOf, widthOf } from './counts';

/** How many are in which state, as a bar and in numbers; a number may choose what is listed. */
export function CountsPanel({
  title,
  counts,
  chosen,
  onChoose,
  testId,
}: {
  title: string;
  counts: MapRunCounts;
  chosen?: ListedStatus | null;
  onChoose?: (status: ListedStatus | null) => void;
  testId: string;
}) {
  const shares = sharesOf(counts);
  return (
    <section className="run-counts" aria-label={title} data-testid={testId}>
      <h2>
        {title} <span className="muted">{counts.total.toLocaleString('en')}</span>
      </h2>
      <div className="run-bar" aria-hidden="true">
        {shares.map(({ status, count }) => (
          <span
            key={status}
            data-status={status}
            style={{ width: `${widthOf(count, counts.total)}%` }}
          />
        ))}
      </div>
      <ul>
        {shares.map(({ status, filter, word, count }) => {
          if (count === 0 && (filter === null || chosen !== filter)) return null;
          const inside = (
            <>
              <StatusGlyph status={status} size={13} />
              {word} <strong>{count.toLocaleString('en')}</strong>
            </>
          );
          return (
            <li key={status} data-testid="run-count" data-status={status} data-count={count}>
              {onChoose && filter !== null ? (
                <button
                  type="button"
                  className="status-choice"
                  data-status={status}
                  aria-pressed={chosen === filter}
                  onClick={() => onChoose(chosen === filter ? null : filter)}
                >
                  {inside}
                </button>
              ) : (
                <span className="run-share">{inside}</span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
