/** Proposals, what is said of them, and aliases: calls and queries. */

import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  type QueryClient,
} from '@tanstack/react-query';

import { answer, api } from './client';
import type { Comparison } from './state-machines';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Proposal = Schemas['Proposal'];
export type ProposalSummary = Schemas['ProposalSummary'];
export type ProposalPage = Schemas['ProposalPage'];
export type Thread = Schemas['Thread'];
export type Comment = Schemas['CommentShown'];
export type Check = Schemas['Check'];
export type Rules = Schemas['ReviewRules'];
export type Verdict = Schemas['ReviewVerdict'];
export type Plan = Schemas['PlanRequest'];
export type Notifications = Schemas['Notifications'];
export type Aliases = Schemas['Aliases'];
export type AliasMove = Schemas['AliasMove'];
export type ReviewWebhook = Schemas['ReviewWebhook'];
export type NewReviewWebhook = Schemas['NewReviewWebhook'];
export type ReviewDelivery = Schemas['ReviewDelivery'];
export type MailChoices = Schemas['MailChoices'];
export type NotificationEvent = Schemas['NotificationEvent'];
export type Which = Schemas['ProposalsOf'];

const POLL_MS = 5000;
const CHECKING_MS = 1500;
const BELL_MS = 15_000;

/** What names a proposal. */
export interface ProposalKey {
  name: string;
  number: number;
}

const at = (key: ProposalKey) => ({ params: { path: key } });
const of = (name: string) => ({ params: { path: { name } } });

export const propose = (name: string, body: Schemas['ProposeRequest']) =>
  answer<Proposal>(api.POST('/api/state-machines/{name}/proposals/', { ...of(name), body }));

export const pushTo = (key: ProposalKey, body: Schemas['PushRequest']) =>
  answer<Proposal>(
    api.POST('/api/state-machines/{name}/proposals/{number}/pushes/', { ...at(key), body }),
  );

export const describeProposal = (key: ProposalKey, body: Schemas['PatchedDescribeRequest']) =>
  answer<Proposal>(
    api.PATCH('/api/state-machines/{name}/proposals/{number}/', { ...at(key), body }),
  );

export const review = (key: ProposalKey, body: Schemas['ReviewRequest']) =>
  answer<Proposal>(
    api.POST('/api/state-machines/{name}/proposals/{number}/reviews/', { ...at(key), body }),
  );

export const publishProposal = (key: ProposalKey, body: Schemas['PublishProposalRequest']) =>
  answer<Proposal>(
    api.POST('/api/state-machines/{name}/proposals/{number}/publish/', { ...at(key), body }),
  );

export const cancelProposal = (key: ProposalKey) =>
  answer<Proposal>(api.POST('/api/state-machines/{name}/proposals/{number}/cancel/', at(key)));

export const checkAgain = (key: ProposalKey) =>
  answer<Proposal>(api.POST('/api/state-machines/{name}/proposals/{number}/checks/', at(key)));

export const updateBase = (key: ProposalKey, push: number) =>
  answer<Proposal>(
    api.POST('/api/state-machines/{name}/proposals/{number}/base/', {
      ...at(key),
      body: { push },
    }),
  );

export const beginThread = (key: ProposalKey, body: Schemas['BeginThreadRequest']) =>
  answer<Proposal>(
    api.POST('/api/state-machines/{name}/proposals/{number}/threads/', { ...at(key), body }),
  );

export const replyTo = (key: ProposalKey, threadId: number, body: Schemas['CommentRequest']) =>
  answer<Proposal>(
    api.POST('/api/state-machines/{name}/proposals/{number}/threads/{threadId}/comments/', {
      params: { path: { ...key, threadId } },
      body,
    }),
  );

export const setResolved = (key: ProposalKey, threadId: number, resolved: boolean) =>
  answer<Proposal>(
    api.PUT('/api/state-machines/{name}/proposals/{number}/threads/{threadId}/', {
      params: { path: { ...key, threadId } },
      body: { resolved },
    }),
  );

export const applySuggestion = (key: ProposalKey, commentId: number, push: number) =>
  answer<Proposal>(
    api.POST('/api/state-machines/{name}/proposals/{number}/comments/{commentId}/apply/', {
      params: { path: { ...key, commentId } },
      body: { push },
    }),
  );

export const setRules = (name: string, body: Schemas['ReviewRulesRequest']) =>
  answer<Rules>(api.PUT('/api/state-machines/{name}/review-rules/', { ...of(name), body }));

export const markRead = (ids?: number[]) =>
  answer<Notifications>(api.PUT('/api/notifications/', { body: ids ? { ids } : {} }));

export const routeAlias = (name: string, alias: string, body: Schemas['RouteAliasRequest']) =>
  answer<Aliases>(
    api.PUT('/api/state-machines/{name}/aliases/{alias}/', {
      params: { path: { name, alias } },
      body,
    }),
  );

export const moveAlias = (name: string, alias: string, body: Schemas['MoveAliasRequest']) =>
  answer<Aliases>(
    api.POST('/api/state-machines/{name}/aliases/{alias}/moves/', {
      params: { path: { name, alias } },
      body,
    }),
  );

export const cancelMove = (name: string, moveId: number, back: boolean) =>
  answer<Aliases>(
    api.PUT('/api/state-machines/{name}/alias-moves/{moveId}/', {
      params: { path: { name, moveId } },
      body: { back },
    }),
  );

export const restoreRevision = (
  name: string,
  revisionId: string,
  body: Schemas['RestoreRequest'],
) =>
  answer<Schemas['Restored']>(
    api.POST('/api/state-machines/{name}/revisions/{revisionId}/restore/', {
      params: { path: { name, revisionId } },
      body,
    }),
  );

export const proposalsQuery = (which: Which, closed: boolean) =>
  infiniteQueryOptions({
    queryKey: ['proposals', { which, closed }],
    queryFn: ({ pageParam, signal }) =>
      answer<ProposalPage>(
        api.GET('/api/proposals/', {
          params: {
            query: {
              which,
              ...(!closed && { status: 'OPEN' as const }),
              ...(pageParam !== null && { cursor: Number(pageParam) }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });

/** Open proposals of one state machine. */
export const openProposalsQuery = (name: string) =>
  queryOptions({
    queryKey: ['proposals', 'of', name],
    queryFn: ({ signal }) =>
      answer<ProposalPage>(
        api.GET('/api/proposals/', {
          params: { query: { status: 'OPEN', stateMachine: name } },
          signal,
        }),
      ),
  });

const proposalKey = ({ name, number }: ProposalKey) => ['proposal', name, number];

export const proposalQuery = (key: ProposalKey) =>
  queryOptions({
    queryKey: proposalKey(key),
    queryFn: ({ signal }) =>
      answer<Proposal>(
        api.GET('/api/state-machines/{name}/proposals/{number}/', { ...at(key), signal }),
      ),
    // Others may say something at any time.
    refetchInterval: ({ state: { data } }) =>
      data?.checkResults.some(({ status }) => status === 'WAITING') ? CHECKING_MS : POLL_MS,
  });

/** Pushes never change; the saved tests and mocks beside them may. */
export const proposedQuery = (key: ProposalKey, before: number | 'base', after: number) =>
  queryOptions({
    queryKey: [...proposalKey(key), 'comparison', before, after],
    queryFn: ({ signal }) =>
      answer<Comparison>(
        api.GET('/api/state-machines/{name}/proposals/{number}/comparison/', {
          params: { path: key, query: { before: String(before), after } },
          signal,
        }),
      ),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

/** Who may be asked to review changes of a state machine. */
export const reviewersQuery = (name: string) =>
  queryOptions({
    queryKey: ['reviewers', name],
    queryFn: ({ signal }) =>
      answer<Schemas['Reviewers']>(
        api.GET('/api/state-machines/{name}/reviewers/', { ...of(name), signal }),
      ),
  });

export const notificationsQuery = queryOptions({
  queryKey: ['notifications'],
  queryFn: ({ signal }) => answer<Notifications>(api.GET('/api/notifications/', { signal })),
  refetchInterval: BELL_MS,
});

export const aliasesQuery = (name: string) =>
  queryOptions({
    queryKey: ['aliases', name],
    queryFn: ({ signal }) =>
      answer<Aliases>(api.GET('/api/state-machines/{name}/aliases/', { ...of(name), signal })),
    refetchInterval: POLL_MS,
  });

export const reviewWebhooksQuery = (name: string) =>
  queryOptions({
    queryKey: ['review-webhooks', name],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/state-machines/{name}/review-webhooks/', { ...of(name), signal }),
        )
      ).results,
    refetchInterval: POLL_MS,
  });

export const createReviewWebhook = (name: string, url: string) =>
  answer<NewReviewWebhook>(
    api.POST('/api/state-machines/{name}/review-webhooks/', { ...of(name), body: { url } }),
  );

export const changeReviewWebhook = (
  name: string,
  webhookId: number,
  body: Schemas['ChangeReviewWebhookRequest'],
) =>
  answer<ReviewWebhook>(
    api.PUT('/api/state-machines/{name}/review-webhooks/{webhookId}/', {
      params: { path: { name, webhookId } },
      body,
    }),
  );

export const deleteReviewWebhook = (name: string, webhookId: number) =>
  answer<undefined>(
    api.DELETE('/api/state-machines/{name}/review-webhooks/{webhookId}/', {
      params: { path: { name, webhookId } },
    }),
  );

/** The latest calls of a webhook; asked again soon while one is on its way. */
export const reviewDeliveriesQuery = (name: string, webhookId: number) =>
  queryOptions({
    queryKey: ['review-webhooks', name, 'deliveries', webhookId],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/state-machines/{name}/review-webhooks/{webhookId}/deliveries/', {
            params: { path: { name, webhookId } },
            signal,
          }),
        )
      ).results,
    refetchInterval: ({ state: { data } }) =>
      data?.some(({ status, attempts }) => status === 'WAITING' && attempts === 0)
        ? CHECKING_MS
        : POLL_MS,
  });

export const tryReviewWebhook = (name: string, webhookId: number) =>
  answer<ReviewDelivery>(
    api.POST('/api/state-machines/{name}/review-webhooks/{webhookId}/deliveries/', {
      params: { path: { name, webhookId } },
    }),
  );

export const mailChoicesQuery = queryOptions({
  queryKey: ['mail-choices'],
  queryFn: ({ signal }) => answer<MailChoices>(api.GET('/api/notifications/mails/', { signal })),
});

export const chooseMails = (events: NotificationEvent[]) =>
  answer<MailChoices>(api.PUT('/api/notifications/mails/', { body: { events } }));

/** After somebody did something to a proposal: it is as the answer says, lists are old. */
export function proposalChanged(client: QueryClient, proposal: Proposal) {
  const key = { name: proposal.stateMachine, number: proposal.number };
  client.setQueryData(proposalQuery(key).queryKey, proposal);
  void client.invalidateQueries({ queryKey: ['proposals'] });
  if (proposal.status === 'OPEN') return;
  for (const what of ['revisions', 'state-machine', 'aliases']) {
    void client.invalidateQueries({ queryKey: [what, proposal.stateMachine] });
  }
}
