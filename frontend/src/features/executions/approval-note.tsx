import { Link } from '@tanstack/react-router';
import { UserCheck, UserRound, UserX } from 'lucide-react';
import { useMemo } from 'react';

import { approvalOf } from '@/history/approval';
import type { HistoryEvent } from '@/history/event';
import type { Visit } from '@/history/model';
import { TimeAgo } from '@/ui/time';

import './approval-note.css';

/** Of a Task that asks a person: whom it waits for, or who decided. */
export function ApprovalNote({ visit, events }: { visit: Visit; events: readonly HistoryEvent[] }) {
  const asked = useMemo(() => approvalOf(events), [events]);
  if (!asked) return null;
  const { id, decision } = asked;
  if (decision) {
    const Icon = decision.approved ? UserCheck : UserX;
    return (
      <div
        className="approval-note"
        data-status={decision.approved ? 'SUCCEEDED' : 'FAILED'}
        data-testid="approval-note"
        data-by={decision.by}
      >
        <Icon aria-hidden="true" />
        <p>
          {decision.approved ? 'Approved' : 'Rejected'} by <strong>{decision.by}</strong>
          {decision.byLink && ', by the link of a mail'}
          {decision.at !== '' && (
            <>
              , <TimeAgo at={decision.at} />
            </>
          )}
          {decision.reason !== '' && <q>{decision.reason}</q>}
        </p>
      </div>
    );
  }
  if (visit.status !== 'RUNNING' || id === null) return null;
  return (
    <div className="approval-note" data-status="RUNNING" data-testid="approval-note">
      <UserRound aria-hidden="true" />
      <p>
        Waits for somebody to decide:{' '}
        <Link to="/approvals" search={{ of: 'all', id }} data-testid="approval-link">
          {asked.title}
        </Link>
      </p>
    </div>
  );
}
