/** What workflows ask of people: the inbox's calls, and how they are kept. */

import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  type QueryClient,
} from '@tanstack/react-query';

import { answer, api, type Page } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];

export type Approval = Schemas['Approval'];
export type ApprovalField = Schemas['ApprovalField'];
export type ApprovalAnswers = Record<string, string | number | boolean>;
export type Decision = 'APPROVED' | 'REJECTED';
export type ApprovalsShown = 'open' | 'decided';

const POLL_MS = 5000;
const COUNT_MS = 10_000;

export const approvalsQuery = (show: ApprovalsShown, mine: boolean) =>
  infiniteQueryOptions({
    queryKey: ['approvals', 'list', show, mine],
    queryFn: ({ pageParam, signal }) =>
      answer<Page<Approval>>(
        api.GET('/api/approvals/', {
          params: {
            query: { show, mine, limit: 50, ...(pageParam && { cursor: Number(pageParam) }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });

export const approvalQuery = (approvalId: number) =>
  queryOptions({
    queryKey: ['approvals', 'one', approvalId],
    queryFn: ({ signal }) =>
      answer<Approval>(
        api.GET('/api/approvals/{approvalId}/', { params: { path: { approvalId } }, signal }),
      ),
    refetchInterval: ({ state: { data } }) => (data?.status === 'OPEN' ? POLL_MS : false),
  });

/** How many wait, for the sign beside the inbox's name. */
export const approvalCountsQuery = queryOptions({
  queryKey: ['approvals', 'counts'],
  queryFn: ({ signal }) =>
    answer<Schemas['ApprovalCounts']>(api.GET('/api/approvals/counts/', { signal })),
  refetchInterval: COUNT_MS,
});

export const decideApproval = (
  approvalId: number,
  decision: Decision,
  reason: string,
  answers: ApprovalAnswers,
) =>
  answer<Approval>(
    api.POST('/api/approvals/{approvalId}/decision/', {
      params: { path: { approvalId } },
      body: { decision, reason, answers },
    }),
  );

/** After a decision, or when one came too late, all that is known of approvals is old. */
export const approvalsChanged = (client: QueryClient) =>
  client.invalidateQueries({ queryKey: ['approvals'] });
