import { RotateCw } from 'lucide-react';

import type { State } from '@/asl/definition';
import { causeMessage } from '@/history/event-text';
import { isUnclaimed, type Attempt, type Visit } from '@/history/model';
import { JsonView } from '@/ui/json-view';
import { isBetweenAttempts, retryDue } from '@/history/retry';
import { StatusGlyph } from '@/ui/status';
import { duration, useNow } from '@/ui/time';

import { RetryDueTime } from './retry-due';

const isJson = (text: string) => /^\s*[[{]/.test(text);

/** The stack trace inside a function's report, as one text; null where there is none. */
function stackOf(cause: string): string | null {
  try {
    const { stackTrace } = JSON.parse(cause) as { stackTrace?: unknown };
    if (!Array.isArray(stackTrace) || stackTrace.length === 0) return null;
    return stackTrace.map((line) => String(line).trimEnd()).join('\n');
  } catch {
    return null;
  }
}

/** An error with its cause: the message first, the stack below, the whole at the end. */
export function ErrorText({ error, cause }: { error: string | null; cause: string | null }) {
  const stack = cause === null ? null : stackOf(cause);
  return (
    <div className="error-text">
      <p className="error-name mono" data-testid="error-name">
        {error ?? 'No error name'}
      </p>
      {cause !== null && cause !== '' && (
        <p className="error-message" data-testid="error-cause">
          {causeMessage(cause)}
        </p>
      )}
      {stack !== null && <pre className="error-stack">{stack}</pre>}
      {cause !== null && isJson(cause) && (
        <details className="error-whole">
          <summary>Cause as it came</summary>
          <JsonView text={cause} label="Cause" />
        </details>
      )}
    </div>
  );
}

/** What went wrong in a visit, and what the definition says about it. */
export function ErrorReport({ visit, state }: { visit: Visit; state: State }) {
  if (visit.status === 'FAILED' && visit.error === null && state.Type === 'Fail') {
    return <ErrorText error={state.Error ?? null} cause={state.Cause ?? null} />;
  }
  if (visit.error === null && visit.cause === null) {
    return (
      <p className="pane-nothing muted">
        {visit.status === 'FAILED' || visit.status === 'CAUGHT'
          ? 'The history names no error for this state; the states inside it may.'
          : 'No error.'}
      </p>
    );
  }
  return (
    <>
      {visit.status === 'CAUGHT' && (
        <p className="error-caught">This error was caught; the execution went on.</p>
      )}
      <ErrorText error={visit.error} cause={visit.cause} />
    </>
  );
}

function doing(attempt: Attempt, open: boolean): string {
  if (isUnclaimed(attempt)) return 'waiting for a worker for';
  return open ? 'running for' : 'took';
}

/** "First attempt", "Retry 2", or what a redrive began with. */
function titleOf(attempts: Attempt[], nth: number): string {
  const redrive = attempts[nth]?.redrive ?? 0;
  const first = attempts.findIndex((each) => each.redrive === redrive);
  const title = nth === first ? 'First attempt' : `Retry ${nth - first}`;
  return redrive === 0 ? title : `Redrive ${redrive}: ${title.toLowerCase()}`;
}

function AttemptRow({
  attempt,
  title,
  delay,
}: {
  attempt: Attempt;
  title: string;
  delay: number | null;
}) {
  const open = attempt.endedAt === null;
  const now = useNow(open, 250);
  // A worker's own time: it does not answer for how long nobody came.
  const since = (attempt.byWorker ? attempt.startedAt : null) ?? attempt.scheduledAt;
  const ms = (attempt.endedAt ?? now / 1000) * 1000 - since * 1000;
  const at = new Date(attempt.scheduledAt * 1000);
  const trouble = attempt.error !== null || attempt.cause !== null;
  return (
    <li className="attempt" data-status={attempt.status} data-testid="attempt">
      <header>
        <StatusGlyph status={attempt.status} />
        <strong>{title}</strong>
        <span className="muted">
          {delay !== null && `after ${duration(delay)} · `}
          <time dateTime={at.toISOString()} title={at.toISOString()}>
            {at.toLocaleTimeString()}
          </time>
          {` · ${doing(attempt, open)} ${duration(ms)}`}
          {attempt.worker !== null && ` · by ${attempt.worker}`}
        </span>
      </header>
      {trouble && <ErrorText error={attempt.error} cause={attempt.cause} />}
    </li>
  );
}

/** Every attempt at a state's work, with what came of it and how long the next one waited. */
export function Attempts({ visit, state }: { visit: Visit; state: State }) {
  if (visit.attempts.length === 0) {
    return <p className="pane-nothing muted">This state does no work that could be retried.</p>;
  }
  const due = retryDue(visit, state.Retry);
  const waits = due !== null || (isBetweenAttempts(visit) && (state.Retry?.length ?? 0) > 0);
  return (
    <>
      <ol className="attempts">
        {visit.attempts.map((attempt, nth) => {
          const before = visit.attempts[nth - 1];
          const delay = before
            ? (attempt.scheduledAt - (before.endedAt ?? attempt.scheduledAt)) * 1000
            : null;
          const title = titleOf(visit.attempts, nth);
          return <AttemptRow key={attempt.scheduledBy} {...{ attempt, title, delay }} />;
        })}
      </ol>
      {waits && (
        <p className="attempt-due">
          <RotateCw aria-hidden="true" />
          <span>
            {'The next attempt '}
            {due ? (
              <>
                begins <RetryDueTime due={due} />
              </>
            ) : (
              'waits for its time'
            )}
          </span>
        </p>
      )}
      {state.Retry !== undefined && state.Retry.length > 0 && (
        <JsonView text={JSON.stringify(state.Retry)} label="Retry rules" />
      )}
    </>
  );
}
