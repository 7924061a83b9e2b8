import type { ExecutionStatus, StateStatus } from '@/history/model';

import './status.css';

export type AnyStatus = StateStatus | ExecutionStatus | 'NOT_REACHED';

const WORDS: Record<AnyStatus, string> = {
  RUNNING: 'Running',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  CAUGHT: 'Caught error',
  ABORTED: 'Aborted',
  TIMED_OUT: 'Timed out',
  PENDING_REDRIVE: 'Pending redrive',
  NOT_REACHED: 'Not reached',
  UNTOLD: 'Not loaded yet',
};

export const STATUSES = Object.keys(WORDS) as AnyStatus[];

/** A status in words: colour and shape never speak alone. */
export const statusWord = (status: AnyStatus) => WORDS[status];

/** Shapes inside a 16 px square, told apart without colour. */
export function StatusShape({ status }: { status: AnyStatus }) {
  switch (status) {
    case 'SUCCEEDED':
      return (
        <>
          <circle cx="8" cy="8" r="7" fill="currentColor" />
          <path d="M4.9 8.3 7.1 10.5 11.2 5.8" className="glyph-cut" />
        </>
      );
    case 'FAILED':
      return (
        <>
          <circle cx="8" cy="8" r="7" fill="currentColor" />
          <path d="M5.6 5.6 10.4 10.4M10.4 5.6 5.6 10.4" className="glyph-cut glyph-thick" />
        </>
      );
    case 'RUNNING':
      return (
        <>
          <circle cx="8" cy="8" r="6.2" className="glyph-ring glyph-turning" />
          <path d="M6.5 5.4 10.8 8 6.5 10.6Z" fill="currentColor" />
        </>
      );
    case 'CAUGHT':
      return (
        <>
          <path d="M8 1.6 15 14H1Z" fill="currentColor" strokeLinejoin="round" />
          <path d="M8 6.2V9.6M8 11.7V12" className="glyph-cut" />
        </>
      );
    case 'ABORTED':
      return <rect x="2.5" y="2.5" width="11" height="11" rx="2" fill="currentColor" />;
    case 'TIMED_OUT':
      return (
        <>
          <circle cx="8" cy="8.6" r="6.2" fill="currentColor" />
          <path d="M6.2 1.2H9.8" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
          <path d="M8 5.4V8.8L10.2 10" className="glyph-cut" />
        </>
      );
    case 'PENDING_REDRIVE':
      return <path d="M4.5 3H7V13H4.5ZM9 3H11.5V13H9Z" fill="currentColor" />;
    case 'UNTOLD':
      return (
        <>
          <circle cx="8" cy="8" r="6.2" className="glyph-ring" />
          <path d="M5 8H5.1M8 8H8.1M11 8H11.1" className="glyph-dots" />
        </>
      );
    case 'NOT_REACHED':
      return <circle cx="8" cy="8" r="5.5" className="glyph-dotted" />;
  }
}

/** The sign of a status, the same in graph, lists and headings. */
export function StatusGlyph({ status, size = 16 }: { status: AnyStatus; size?: number }) {
  return (
    <svg
      className="glyph"
      data-status={status}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      role="img"
      aria-label={statusWord(status)}
    >
      <StatusShape status={status} />
    </svg>
  );
}

/** Glyph and word together. */
export function StatusPill({ status, testId }: { status: AnyStatus; testId?: string }) {
  return (
    <span className="status-pill" data-status={status} data-testid={testId}>
      <StatusGlyph status={status} size={14} />
      <span aria-hidden="true">{statusWord(status)}</span>
    </span>
  );
}
