/** What a history says of a question that a Task asked a person. */

import { detailsOf, type HistoryEvent } from './event';

export interface AskedApproval {
  /** Its number in the inbox; null until it has been asked. */
  id: number | null;
  title: string;
  decision: {
    approved: boolean;
    by: string;
    /** ISO 8601. */
    at: string;
    byLink: boolean;
    reason: string;
    answers: Record<string, unknown>;
  } | null;
}

function read(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const word = (value: unknown) => (typeof value === 'string' ? value : '');

function decisionOf(told: Record<string, unknown>): AskedApproval['decision'] {
  if (typeof told.DecidedBy !== 'string') return null;
  return {
    approved: told.Decision === 'APPROVED',
    by: told.DecidedBy,
    at: word(told.DecidedAt),
    byLink: told.Via === 'LINK',
    reason: word(told.Reason),
    answers: read(JSON.stringify(told.Form ?? {})),
  };
}

/** The last question among a visit's events; null where none was asked. */
export function approvalOf(events: readonly HistoryEvent[]): AskedApproval | null {
  const found: AskedApproval[] = [];
  for (const event of events) {
    const details = detailsOf(event);
    if (details.resourceType !== 'approval') continue;
    const last = found.at(-1);
    if (event.type === 'TaskScheduled') {
      found.push({ id: null, title: word(read(details.parameters).Title), decision: null });
    } else if (last && event.type === 'TaskSubmitted') {
      const id = read(details.output).ApprovalId;
      if (typeof id === 'number') last.id = id;
    } else if (last && (event.type === 'TaskSucceeded' || event.type === 'TaskFailed')) {
      last.decision = decisionOf(read(details.output ?? details.cause));
    }
  }
  return found.at(-1) ?? null;
}
