import { expect, it } from 'vitest';

import { approvalOf } from './approval';
import type { HistoryEvent } from './event';

const event = (id: number, type: string, details: Record<string, unknown>): HistoryEvent => ({
  id,
  previousEventId: id - 1,
  timestamp: id,
  type,
  [`${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`]: {
    resourceType: 'approval',
    resource: 'request.waitForTaskToken',
    ...details,
  },
});
const told = (decision: string) =>
  JSON.stringify({
    Decision: decision,
    DecidedBy: 'ada',
    DecidedAt: '2026-11-21T22:00:00.000Z',
    Via: 'LINK',
    Reason: 'fair',
    Form: { amount: 20 },
  });
const scheduled = event(2, 'TaskScheduled', { parameters: '{"Title":"Pay it back?"}' });
const submitted = event(4, 'TaskSubmitted', { output: '{"ApprovalId":7,"Mailed":0}' });

it('knows the question while it waits', () => {
  expect(approvalOf([scheduled])).toEqual({ id: null, title: 'Pay it back?', decision: null });
  expect(approvalOf([scheduled, submitted])?.id).toBe(7);
  expect(approvalOf([])).toBeNull();
});

it('knows who decided, either way', () => {
  const succeeded = event(5, 'TaskSucceeded', { output: told('APPROVED') });
  const decision = {
    approved: true,
    by: 'ada',
    at: '2026-11-21T22:00:00.000Z',
    byLink: true,
    reason: 'fair',
    answers: { amount: 20 },
  };
  expect(approvalOf([scheduled, submitted, succeeded])?.decision).toEqual(decision);
  const cause = told('REJECTED');
  const failed = event(5, 'TaskFailed', { error: 'Approval.Rejected', cause });
  expect(approvalOf([scheduled, submitted, failed])?.decision?.approved).toBe(false);
});

it('has no decision where the Task failed by itself', () => {
  const failed = event(3, 'TaskFailed', { error: 'States.Runtime', cause: 'no Title' });
  expect(approvalOf([scheduled, failed])).toMatchObject({ decision: null });
});
