/**
 * The REST API by hand, in the shape that openapi-typescript generates, until `schema.d.ts` takes
 * its place. Only client.ts imports this.
 */

import type { HistoryEvent } from '@/history/event';
import type { ExecutionStatus } from '@/history/model';

export interface components {
  schemas: {
    Session: { username: string; accountId: string; region: string };
    LatestExecution: { name: string; status: ExecutionStatus; startDate: string };
    StateMachineSummary: {
      stateMachineArn: string;
      name: string;
      type: string;
      status: string;
      description: string;
      creationDate: string;
      updateDate: string;
      sampleInput: string | null;
      executionCounts: Partial<Record<ExecutionStatus, number>>;
      latestExecutions: components['schemas']['LatestExecution'][];
    };
    StateMachine: components['schemas']['StateMachineSummary'] & {
      definition: string;
      roleArn: string;
      revisionId: string;
    };
    ExecutionSummary: {
      executionArn: string;
      name: string;
      stateMachineArn: string;
      stateMachineName: string;
      status: ExecutionStatus;
      startDate: string;
      stopDate: string | null;
      lastEventId: number;
    };
    Execution: components['schemas']['ExecutionSummary'] & {
      input: string;
      output: string | null;
      error: string | null;
      cause: string | null;
      definition: string;
      revisionId: string;
    };
    EventPage: { events: HistoryEvent[]; lastEventId: number; status: ExecutionStatus };
    ApiError: {
      code: string;
      message: string;
      diagnostics?: { severity: string; code: string; message: string; location: string }[];
    };
  };
}

type Schemas = components['schemas'];

interface Answer<T> {
  headers: Record<string, unknown>;
  content: { 'application/json': T };
}

interface Responses<T> {
  200: Answer<T>;
  400: Answer<Schemas['ApiError']>;
}

interface Page<T> {
  results: T[];
  nextCursor: string | null;
}

interface Get<T, Query = never, Path = never> {
  get: {
    parameters: { query?: Query; path: Path };
    responses: Responses<T>;
  };
}

interface NamedMachine {
  name: string;
}
interface NamedExecution {
  stateMachineName: string;
  executionName: string;
}
interface Paging {
  cursor?: string;
  limit?: number;
}

export interface paths {
  '/api/session/': { get: { responses: Responses<Schemas['Session']> } };
  '/api/state-machines/': {
    get: {
      parameters: { query?: Paging & { search?: string } };
      responses: Responses<Page<Schemas['StateMachineSummary']>>;
    };
  };
  '/api/state-machines/{name}/': Get<Schemas['StateMachine'], never, NamedMachine>;
  '/api/state-machines/{name}/executions/': Get<
    Page<Schemas['ExecutionSummary']>,
    Paging & { status?: ExecutionStatus },
    NamedMachine
  > & {
    post: {
      parameters: { path: NamedMachine };
      requestBody: { content: { 'application/json': { name?: string; input: string } } };
      responses: Responses<Schemas['Execution']>;
    };
  };
  '/api/executions/{stateMachineName}/{executionName}/': Get<
    Schemas['Execution'],
    never,
    NamedExecution
  >;
  '/api/executions/{stateMachineName}/{executionName}/events/': Get<
    Schemas['EventPage'],
    { after?: number; limit?: number },
    NamedExecution
  >;
  '/api/executions/{stateMachineName}/{executionName}/stop/': {
    post: {
      parameters: { path: NamedExecution };
      requestBody: { content: { 'application/json': { error?: string; cause?: string } } };
      responses: Responses<Schemas['Execution']>;
    };
  };
}
