import { Check as Tick, CircleDashed, Clock, Minus, X } from 'lucide-react';

import type { Check, ProposalSummary } from '@/api/reviews';

const PROPOSAL_WORDS: Record<ProposalSummary['status'], string> = {
  OPEN: 'Open',
  PUBLISHED: 'Published',
  CANCELLED: 'Cancelled',
};
const PROPOSAL_TONES: Record<ProposalSummary['status'], string> = {
  OPEN: 'RUNNING',
  PUBLISHED: 'SUCCEEDED',
  CANCELLED: 'ABORTED',
};

/** How a proposal is, in a word. */
export function ProposalBadge({ status }: { status: ProposalSummary['status'] }) {
  return (
    <span
      className="tone-badge"
      data-status={PROPOSAL_TONES[status]}
      data-proposal={status}
      data-testid="proposal-status"
    >
      {PROPOSAL_WORDS[status]}
    </span>
  );
}

export const CHECK_NAMES: Record<Check['kind'], string> = {
  TESTS: 'Saved test cases',
  WHAT_IF: 'What if',
};

const CHECK_WORDS: Record<Check['status'], string> = {
  WAITING: 'under way',
  PASSED: 'passed',
  FAILED: 'failed',
  SKIPPED: 'nothing to try',
  FAULT: 'could not be tried',
};
const CHECK_TONES: Record<Check['status'], string> = {
  WAITING: 'RUNNING',
  PASSED: 'SUCCEEDED',
  FAILED: 'FAILED',
  SKIPPED: 'ABORTED',
  FAULT: 'CAUGHT',
};

/** A check's sign, with its words for those who do not see it. */
export function CheckSign({ kind, status }: Pick<Check, 'kind' | 'status'>) {
  const Icon = { WAITING: Clock, PASSED: Tick, FAILED: X, SKIPPED: Minus, FAULT: CircleDashed }[
    status
  ];
  const words = `${CHECK_NAMES[kind]}: ${CHECK_WORDS[status]}`;
  return (
    <span className="check-sign" data-status={CHECK_TONES[status]} title={words}>
      <Icon aria-hidden="true" />
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

export const checkWord = (status: Check['status']) => CHECK_WORDS[status];
