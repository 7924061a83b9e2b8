import { CircleSlash, UserCheck, UserX, UserRound } from 'lucide-react';

import type { Approval } from '@/api/approvals';
import '@/ui/status.css';

const SIGNS = {
  OPEN: { icon: UserRound, word: 'Waiting', tone: 'RUNNING' },
  APPROVED: { icon: UserCheck, word: 'Approved', tone: 'SUCCEEDED' },
  REJECTED: { icon: UserX, word: 'Rejected', tone: 'FAILED' },
  CLOSED: { icon: CircleSlash, word: 'Closed', tone: 'ABORTED' },
} as const;

/** Sign and word of how an approval stands. */
export function ApprovalStatus({ status }: { status: Approval['status'] }) {
  const { icon: Icon, word, tone } = SIGNS[status];
  return (
    <span className="status-pill approval-status" data-status={tone} data-testid="approval-status">
      <Icon aria-hidden="true" />
      {word}
    </span>
  );
}
