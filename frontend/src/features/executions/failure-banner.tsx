import { causeMessage } from '@/history/event-text';
import type { StateStatus, Visit } from '@/history/model';
import type { Failure } from '@/history/view';
import { StatusGlyph } from '@/ui/status';

function WithError({ error }: { error: string | null }) {
  if (error === null) return null;
  return (
    <>
      {' with '}
      <strong className="mono">{error}</strong>
    </>
  );
}

function Message({ cause }: { cause: string | null }) {
  const message = cause === null ? '' : causeMessage(cause);
  if (message === '') return null;
  return (
    <span className="failure-message ellipsis" title={message}>
      {message}
    </span>
  );
}

/** What is known of a failure before its history is: the line is there, and its place is kept. */
export function UntoldFailure({
  status,
  error,
  cause,
}: {
  status: StateStatus;
  error: string | null;
  cause: string | null;
}) {
  return (
    <p className="failure-banner" data-status={status} aria-busy="true">
      <StatusGlyph status={status} size={14} />
      <span className="failure-what">
        {status === 'TIMED_OUT' ? 'Timed out' : 'Failed'}
        <WithError error={error} />
      </span>
      <Message cause={cause} />
    </p>
  );
}

/** One line under the header: which state failed with which error, and what led to it. */
export function FailureBanner({
  failure,
  onGo,
}: {
  failure: Failure;
  onGo: (visit: Visit) => void;
}) {
  const { visit, error, cause, origin } = failure;
  return (
    <p
      className="failure-banner"
      role="status"
      data-testid="failure-banner"
      data-state-name={visit.name}
      data-status={visit.status}
    >
      <StatusGlyph status={visit.status} size={14} />
      <span className="failure-what">
        <button type="button" className="link" onClick={() => onGo(visit)}>
          {visit.name}
        </button>
        {visit.status === 'TIMED_OUT' ? ' timed out' : ' failed'}
        <WithError error={error} />
      </span>
      <Message cause={cause} />
      {origin && (
        <span className="failure-origin">
          {'after '}
          <button type="button" className="link" onClick={() => onGo(origin)}>
            {origin.name}
          </button>
          {': '}
          <span className="mono">{origin.error}</span>
        </span>
      )}
    </p>
  );
}
