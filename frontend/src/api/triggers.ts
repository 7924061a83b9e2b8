/** The REST API of triggers and connections as functions; see client.ts. */

import { queryOptions } from '@tanstack/react-query';

import { answer, api } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Rule = Schemas['Rule'];
export type NewRule = Schemas['NewRuleRequest'];
export type RuleTested = Schemas['RuleTested'];
export type Schedule = Schemas['Schedule'];
export type NewSchedule = Schemas['NewScheduleRequest'];
export type Endpoint = Schemas['Endpoint'];
export type EndpointAuthorization = Schemas['EndpointAuthorization'];
export type MadeEndpoint = Schemas['MadeEndpoint'];
export type Webhook = Schemas['Webhook'];
export type HeardStatus = Schemas['HeardStatus'];
export type MadeWebhook = Schemas['MadeWebhook'];
export type Delivery = Schemas['Delivery'];
export type TriggeredStart = Schemas['Start'];
export type Connection = Schemas['Connection'];
export type NewConnection = Schemas['NewConnectionRequest'];

const path = (name: string) => ({ params: { path: { name } } });
const POLL_MS = 5000;

export const rulesQuery = (name: string) =>
  queryOptions({
    queryKey: ['triggers', name, 'rules'],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/state-machines/{name}/rules/', { ...path(name), signal })))
        .results,
  });

export const schedulesQuery = (name: string) =>
  queryOptions({
    queryKey: ['triggers', name, 'schedules'],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/state-machines/{name}/schedules/', { ...path(name), signal })))
        .results,
  });

export const endpointsQuery = (name: string) =>
  queryOptions({
    queryKey: ['triggers', name, 'endpoints'],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/state-machines/{name}/endpoints/', { ...path(name), signal })))
        .results,
  });

export const webhooksQuery = (name: string) =>
  queryOptions({
    queryKey: ['triggers', name, 'webhooks'],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/state-machines/{name}/webhooks/', { ...path(name), signal })))
        .results,
  });

export const startsQuery = (name: string) =>
  queryOptions({
    queryKey: ['triggers', name, 'starts'],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/state-machines/{name}/starts/', { ...path(name), signal })))
        .results,
    refetchInterval: POLL_MS,
  });

export const deliveriesQuery = (name: string, webhookId: number) =>
  queryOptions({
    queryKey: ['triggers', name, 'deliveries', webhookId],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/state-machines/{name}/webhooks/{webhookId}/deliveries/', {
            params: { path: { name, webhookId } },
            signal,
          }),
        )
      ).results,
    refetchInterval: POLL_MS,
  });

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: ({ signal }) => answer<Connection[]>(api.GET('/api/connections/', { signal })),
});

export const createRule = (name: string, body: NewRule) =>
  answer<Rule>(api.POST('/api/state-machines/{name}/rules/', { ...path(name), body }));

export const updateRule = (
  name: string,
  ruleId: number,
  body: Schemas['PatchedRuleChangeRequest'],
) =>
  answer<Rule>(
    api.PATCH('/api/state-machines/{name}/rules/{ruleId}/', {
      params: { path: { name, ruleId } },
      body,
    }),
  );

export const enableRule = (name: string, ruleId: number, enabled: boolean) =>
  updateRule(name, ruleId, { enabled });

export const deleteRule = (name: string, ruleId: number) =>
  answer<undefined>(
    api.DELETE('/api/state-machines/{name}/rules/{ruleId}/', {
      params: { path: { name, ruleId } },
    }),
  );

export const testRule = (body: Schemas['RuleTestRequest']) =>
  answer<RuleTested>(api.POST('/api/rule-tests/', { body }));

export const createSchedule = (name: string, body: NewSchedule) =>
  answer<Schedule>(api.POST('/api/state-machines/{name}/schedules/', { ...path(name), body }));

export const updateSchedule = (
  name: string,
  scheduleId: number,
  body: Schemas['PatchedScheduleChangeRequest'],
) =>
  answer<Schedule>(
    api.PATCH('/api/state-machines/{name}/schedules/{scheduleId}/', {
      params: { path: { name, scheduleId } },
      body,
    }),
  );

export const enableSchedule = (name: string, scheduleId: number, enabled: boolean) =>
  updateSchedule(name, scheduleId, { enabled });

export const deleteSchedule = (name: string, scheduleId: number) =>
  answer<undefined>(
    api.DELETE('/api/state-machines/{name}/schedules/{scheduleId}/', {
      params: { path: { name, scheduleId } },
    }),
  );

export const scheduleTimesQuery = (expression: string, timeZone: string) =>
  queryOptions({
    queryKey: ['schedule-times', expression, timeZone],
    queryFn: async ({ signal }) =>
      (await answer(api.POST('/api/schedule-times/', { body: { expression, timeZone }, signal })))
        .nextTimes,
    retry: false,
    enabled: expression !== '',
  });

export const createEndpoint = (name: string, body: Schemas['NewEndpointRequest']) =>
  answer<MadeEndpoint>(api.POST('/api/state-machines/{name}/endpoints/', { ...path(name), body }));

export const updateEndpoint = (
  name: string,
  endpointId: number,
  body: Schemas['PatchedEndpointChangeRequest'],
) =>
  answer<Endpoint>(
    api.PATCH('/api/state-machines/{name}/endpoints/{endpointId}/', {
      params: { path: { name, endpointId } },
      body,
    }),
  );

export const enableEndpoint = (name: string, endpointId: number, enabled: boolean) =>
  updateEndpoint(name, endpointId, { enabled });

export const deleteEndpoint = (name: string, endpointId: number) =>
  answer<undefined>(
    api.DELETE('/api/state-machines/{name}/endpoints/{endpointId}/', {
      params: { path: { name, endpointId } },
    }),
  );

export const createWebhook = (name: string, body: Schemas['NewWebhookRequest']) =>
  answer<MadeWebhook>(api.POST('/api/state-machines/{name}/webhooks/', { ...path(name), body }));

export const changeWebhook = (
  name: string,
  webhookId: number,
  body: Schemas['PatchedWebhookChangeRequest'],
) =>
  answer<Webhook>(
    api.PATCH('/api/state-machines/{name}/webhooks/{webhookId}/', {
      params: { path: { name, webhookId } },
      body,
    }),
  );

export const deleteWebhook = (name: string, webhookId: number) =>
  answer<undefined>(
    api.DELETE('/api/state-machines/{name}/webhooks/{webhookId}/', {
      params: { path: { name, webhookId } },
    }),
  );

export const resendDelivery = (name: string, webhookId: number, deliveryId: number) =>
  answer<Delivery>(
    api.POST('/api/state-machines/{name}/webhooks/{webhookId}/deliveries/{deliveryId}/resend/', {
      params: { path: { name, webhookId, deliveryId } },
    }),
  );

export const createConnection = (body: NewConnection) =>
  answer<Connection>(api.POST('/api/connections/', { body }));

export const replaceSecrets = (
  name: string,
  body: Pick<NewConnection, 'authorizationType' | 'authParameters'>,
) =>
  answer<Connection>(api.PATCH('/api/connections/{name}/', { params: { path: { name } }, body }));

export const deleteConnection = (name: string) =>
  answer<undefined>(api.DELETE('/api/connections/{name}/', { params: { path: { name } } }));

export const testConnection = (name: string, url: string) =>
  answer<Schemas['ConnectionTested']>(
    api.POST('/api/connections/{name}/test/', {
      params: { path: { name } },
      body: { url, method: 'GET' },
    }),
  );
