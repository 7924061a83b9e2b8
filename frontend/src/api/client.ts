/**
 * The REST API as functions. Types come from schema.d.ts, which `npm run generate:api` writes from
 * the server's OpenAPI document; everything else imports names and functions from here.
 */

import createClient from 'openapi-fetch';

import type { HistoryEvent } from '@/history/event';

import type { components, paths } from './schema';

type Schemas = components['schemas'];
export type Session = Schemas['Session'];
export type StateMachineSummary = Schemas['StateMachineSummary'];
export type StateMachine = Schemas['StateMachine'];
/** PENDING_REDRIVE is AWS's; no execution here has it yet. */
export type ListedStatus = Schemas['ExecutionStatus'];
export type AuditEntry = Schemas['AuditEntry'];
export type AuditAction = Schemas['AuditAction'];
export type AccessKey = Schemas['AccessKey'];
export type NewAccessKey = Schemas['NewAccessKey'];
export type ApiToken = Schemas['ApiToken'];
export type NewApiToken = Schemas['NewApiToken'];
export type Member = Schemas['Member'];
export type ExecutionRole = Schemas['ExecutionRole'];
export type AddedMember = Schemas['AddedMember'];
export type Role = Schemas['Role'];
export type Permission = Schemas['Permission'];
export type ExecutionSummary = Schemas['ExecutionSummary'];
export type Execution = Schemas['Execution'];
export type RelatedExecution = Schemas['RelatedExecution'];
export type ChildExecutions = Schemas['ChildExecutions'];
export type Revision = Schemas['Revision'];
export type Comparison = Schemas['Comparison'];
export type Change = Schemas['Change'];
export type DebuggerView = Schemas['Debugger'];
/** What a command does not say, the server has a default for. */
export type DebuggerCommand = Pick<Schemas['DebuggerCommandRequest'], 'command'> &
  Partial<Schemas['DebuggerCommandRequest']>;
export type Paused = Schemas['Paused'];
export type Breakpoint = Schemas['Breakpoint'];
export type Draft = Schemas['Draft'];
export type Actions = Schemas['Actions'];
export type Finding = Schemas['Finding'];
export type Offered = Schemas['Offered'];
export type StateTest = Schemas['StateTestRequest'];
export type TestedState = Schemas['TestedState'];
export type Mock = Schemas['Mock'];
/** What a mock gives, by attempts, as Step Functions Local writes it. */
export type MockedResponse = Mock['response'];
export type WorkflowTest = Schemas['WorkflowTest'];
/** What a saved test is made of, by name. */
export type TestCase = Omit<WorkflowTest, 'id' | 'sequence' | 'updateDate'>;
export type Unmet = Schemas['Unmet'];
export type TestRun = Omit<Schemas['TestRun'], 'events'> & { events: HistoryEvent[] };
export type Diagnostic = Schemas['Diagnostic'];
export type DefinitionFormat = Schemas['DefinitionFormat'];
/** The document cannot say which details come with which type of event; HistoryEvent can. */
export type EventPage = Omit<Schemas['EventPage'], 'events'> & { events: HistoryEvent[] };
export interface Page<T> {
  results: T[];
  nextCursor: string | null;
}

/** An answer that is no success, with the API's own code ("ExecutionDoesNotExist") and message. */
export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Of InvalidDefinition: what is wrong, and where. */
    readonly diagnostics: Diagnostic[] = [],
  ) {
    super(message);
  }
}

/** Signing in happens on a page of the server; come back here afterwards. */
function signIn() {
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in/?next=${encodeURIComponent(here)}`);
}

function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
}

export const api = createClient<paths>({ credentials: 'same-origin' });

/** The account that this page shows, once it is known. */
let shownAccount: string | undefined;

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-CSRFToken', csrfToken());
    // Another window may have gone over to another workspace: what is done here is not for that.
    if (shownAccount !== undefined && !request.url.includes('/api/session/')) {
      request.headers.set('X-Stepwell-Account', shownAccount);
    }
    return request;
  },
});

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of a call, or its failure with the API's own words. */
export async function answer<T>(call: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiFailure(0, 'Unreachable', 'The server does not answer. Is it still running?');
  }
  const { data, error, response } = outcome;
  if (response.ok && (data !== undefined || response.status === 204)) return data as T;
  if (
    response.status === 401 ||
    (response.status === 403 && response.url.includes('/api/session'))
  ) {
    signIn();
  }
  const told = (typeof error === 'object' && error !== null ? error : {}) as Partial<
    Schemas['ApiError']
  >;
  const message = told.message ?? `The server answered ${response.status}.`;
  const code = told.code ?? `HTTP${response.status}`;
  throw new ApiFailure(response.status, code, message, told.diagnostics);
}

/** What names an execution in addresses: its machine's name and its own. */
export interface ExecutionKey {
  machine: string;
  name: string;
}

const executionPath = ({ machine, name }: ExecutionKey) => ({
  stateMachineName: machine,
  executionName: name,
});

export async function getSession(): Promise<Session> {
  const session = await answer<Session>(api.GET('/api/session/'));
  shownAccount = session.accountId;
  return session;
}

/** Goes over to another workspace with all windows of this session. */
export const chooseWorkspace = (accountId: string) =>
  answer<undefined>(api.PUT('/api/session/workspace/', { body: { accountId } }));

export const listAccessKeys = (signal: AbortSignal) =>
  answer<AccessKey[]>(api.GET('/api/access-keys/', { signal }));

/** `scopes` null: all that the role allows; `expiresAt` null: never. */
export const createAccessKey = (scopes: Permission[] | null, expiresAt: string | null) =>
  answer<NewAccessKey>(api.POST('/api/access-keys/', { body: { scopes, expiresAt } }));

export const revokeAccessKey = (accessKeyId: string) =>
  answer<AccessKey>(
    api.DELETE('/api/access-keys/{access_key_id}/', {
      params: { path: { access_key_id: accessKeyId } },
    }),
  );

export const listApiTokens = (signal: AbortSignal) =>
  answer<ApiToken[]>(api.GET('/api/tokens/', { signal }));

/** `scopes` null: all that the role allows; `expiresAt` null: never. */
export const createApiToken = (body: Schemas['WantedApiTokenRequest']) =>
  answer<NewApiToken>(api.POST('/api/tokens/', { body }));

export const revokeApiToken = (tokenId: string) =>
  answer<ApiToken>(
    api.DELETE('/api/tokens/{token_id}/', { params: { path: { token_id: tokenId } } }),
  );

export const changePassword = (currentPassword: string, newPassword: string) =>
  answer<undefined>(api.POST('/api/session/password/', { body: { currentPassword, newPassword } }));

export const listMembers = (signal: AbortSignal) =>
  answer<Member[]>(api.GET('/api/members/', { signal }));

export const listExecutionRoles = async (signal: AbortSignal): Promise<ExecutionRole[]> =>
  (await answer<Schemas['ExecutionRoles']>(api.GET('/api/execution-roles/', { signal }))).results;

export const saveExecutionRole = (name: string, body: Schemas['SaveExecutionRoleRequest']) =>
  answer<ExecutionRole>(
    api.PUT('/api/execution-roles/{name}/', { params: { path: { name } }, body }),
  );

export const removeExecutionRole = (name: string) =>
  answer<undefined>(api.DELETE('/api/execution-roles/{name}/', { params: { path: { name } } }));

/** What the Tasks of a definition need, and the smallest policy that allows it. */
export const suggestExecutionRole = (definition: string) =>
  answer<Schemas['Needs']>(
    api.POST('/api/execution-roles/needs/', { body: { definition, format: 'JSON' } }),
  );

export const addMember = (username: string, role: Role, createAccount: boolean) =>
  answer<AddedMember>(api.POST('/api/members/', { body: { username, role, createAccount } }));

export const setRole = (username: string, role: Role) =>
  answer<Member>(
    api.PATCH('/api/members/{username}/', { params: { path: { username } }, body: { role } }),
  );

export const removeMember = (username: string) =>
  answer<undefined>(api.DELETE('/api/members/{username}/', { params: { path: { username } } }));

/** Which entries of the audit trail; times are ISO 8601. */
export interface AuditFilter {
  actor?: string;
  action?: AuditAction;
  subject?: string;
  text?: string;
  after?: string;
  before?: string;
}

export const findAuditEntries = (filter: AuditFilter, cursor: string | null, signal: AbortSignal) =>
  answer<Schemas['AuditPage']>(
    api.GET('/api/audit/', {
      params: { query: { limit: 100, ...filter, ...(cursor && { cursor: Number(cursor) }) } },
      signal,
    }),
  );

/** Where the browser gets the entries as a file. */
export const auditExport = (filter: AuditFilter, form: Schemas['AuditExportForm']) =>
  `/api/audit/export/?${new URLSearchParams({ ...filter, form }).toString()}`;

export const listStateMachines = (search: string, cursor: string | null, signal: AbortSignal) =>
  answer<Page<StateMachineSummary>>(
    api.GET('/api/state-machines/', {
      params: { query: { limit: 50, ...(search && { search }), ...(cursor && { cursor }) } },
      signal,
    }),
  );

export const listMachineNames = async (signal: AbortSignal): Promise<string[]> => {
  const query = { limit: 200 };
  const page = await answer<Page<StateMachineSummary>>(
    api.GET('/api/state-machines/', { params: { query }, signal }),
  );
  return page.results.map(({ name }) => name);
};

export const getStateMachine = (name: string, signal: AbortSignal) =>
  answer<StateMachine>(
    api.GET('/api/state-machines/{name}/', { params: { path: { name } }, signal }),
  );

export const listExecutions = (
  name: string,
  status: ListedStatus | 'paused' | null,
  cursor: string | null,
  signal: AbortSignal,
) =>
  answer<Page<ExecutionSummary>>(
    api.GET('/api/state-machines/{name}/executions/', {
      params: {
        path: { name },
        query: {
          limit: 25,
          ...(status === 'paused' ? { paused: true } : status && { status: [status] }),
          ...(cursor && { cursor }),
        },
      },
      signal,
    }),
  );

export const listRevisions = (name: string, cursor: string | null, signal: AbortSignal) =>
  answer<Page<Revision>>(
    api.GET('/api/state-machines/{name}/revisions/', {
      params: { path: { name }, query: cursor === null ? {} : { cursor: Number(cursor) } },
      signal,
    }),
  );

export const compareRevisions = (
  name: string,
  before: string,
  after: string,
  signal: AbortSignal,
) =>
  answer<Comparison>(
    api.GET('/api/state-machines/{name}/comparison/', {
      params: { path: { name }, query: { before, after } },
      signal,
    }),
  );

/** Which executions a list is about; whatever is given must be so. Times in ISO 8601. */
export interface ExecutionFilter {
  stateMachine?: string;
  status?: ListedStatus[];
  startedAfter?: string;
  startedBefore?: string;
  name?: string;
  version?: number;
  alias?: string;
  error?: string;
  input?: string;
  paused?: boolean;
  pausedBy?: string;
}

/** A page that ends before it is full says how far it has looked; the next one looks further. */
export type ExecutionPage = Schemas['ExecutionPage'];

export const findExecutions = (
  filter: ExecutionFilter,
  cursor: string | null,
  signal: AbortSignal,
) =>
  answer<ExecutionPage>(
    api.GET('/api/executions/', {
      params: { query: { limit: 100, ...filter, ...(cursor && { cursor }) } },
      signal,
    }),
  );

export const countExecutions = (filter: Omit<ExecutionFilter, 'status'>, signal: AbortSignal) =>
  answer<Schemas['FilteredCounts']>(
    api.GET('/api/executions/counts/', { params: { query: filter }, signal }),
  );

/** What an execution that is debugged from its start is told before it begins. */
export interface StartDebugger {
  breakpoints: Breakpoint[];
  pauseAtStart: boolean;
}

export const startExecution = (
  machine: string,
  input: string,
  name?: string,
  debugging?: StartDebugger,
) =>
  answer<Execution>(
    api.POST('/api/state-machines/{name}/executions/', {
      params: { path: { name: machine } },
      body: { input, ...(name && { name }), ...(debugging && { debugger: debugging }) },
    }),
  );

export const getDebugger = (key: ExecutionKey, signal: AbortSignal) =>
  answer<DebuggerView>(
    api.GET('/api/executions/{stateMachineName}/{executionName}/debugger/', {
      params: { path: executionPath(key) },
      signal,
    }),
  );

/** Carries out one command; gives how things are then. */
export const tellDebugger = (key: ExecutionKey, command: DebuggerCommand) =>
  answer<DebuggerView>(
    api.POST('/api/executions/{stateMachineName}/{executionName}/debugger/', {
      params: { path: executionPath(key) },
      body: command as Schemas['DebuggerCommandRequest'],
    }),
  );

/** One's own breakpoints of a state machine. */
export const getBreakpoints = (machine: string) =>
  answer<{ breakpoints: Breakpoint[] }>(
    api.GET('/api/breakpoints/{name}/', { params: { path: { name: machine } } }),
  );

export const keepBreakpoints = (machine: string, breakpoints: Breakpoint[]) =>
  answer<{ breakpoints: Breakpoint[] }>(
    api.PUT('/api/breakpoints/{name}/', {
      params: { path: { name: machine } },
      body: { breakpoints },
    }),
  );

export const getExecution = (key: ExecutionKey, signal: AbortSignal) =>
  answer<Execution>(
    api.GET('/api/executions/{stateMachineName}/{executionName}/', {
      params: { path: executionPath(key) },
      signal,
    }),
  );

/** Events with an id above `after`, ascending, at most a thousand. */
export const listEvents = (key: ExecutionKey, after: number, signal: AbortSignal) =>
  answer<EventPage>(
    api.GET('/api/executions/{stateMachineName}/{executionName}/events/', {
      params: { path: executionPath(key), query: { after, limit: 1000 } },
      signal,
    }),
  );

/** The executions that these attempts (ids of their …Scheduled events) have started. */
export const listChildren = (key: ExecutionKey, tasks: number[], signal: AbortSignal) =>
  answer<ChildExecutions>(
    api.GET('/api/executions/{stateMachineName}/{executionName}/children/', {
      params: { path: executionPath(key), query: { task: tasks } },
      signal,
    }),
  );

export const redriveExecution = (key: ExecutionKey) =>
  answer<Execution>(
    api.POST('/api/executions/{stateMachineName}/{executionName}/redrive/', {
      params: { path: executionPath(key) },
    }),
  );

/** Starts an execution that begins with the state entered at `event`; without input with its own. */
export const forkExecution = (key: ExecutionKey, event: number, input?: string) =>
  answer<Execution>(
    api.POST('/api/executions/{stateMachineName}/{executionName}/fork/', {
      params: { path: executionPath(key) },
      body: { event, ...(input !== undefined && { input }) },
    }),
  );

export const stopExecution = (key: ExecutionKey, error: string, cause: string) =>
  answer<Execution>(
    api.POST('/api/executions/{stateMachineName}/{executionName}/stop/', {
      params: { path: executionPath(key) },
      body: { ...(error && { error }), ...(cause && { cause }) },
    }),
  );

const named = (name: string) => ({ params: { path: { name } } });

/** The person's draft of a state machine, or null where there is none. */
export const getDraft = async (
  name: string,
  signal = new AbortController().signal,
): Promise<Draft | null> => {
  try {
    return await answer<Draft>(api.GET('/api/drafts/{name}/', { ...named(name), signal }));
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return null;
    throw error;
  }
};

export const listDrafts = () => answer<Schemas['Drafts']>(api.GET('/api/drafts/'));

export const saveDraft = (name: string, body: Schemas['SaveDraftRequest']) =>
  answer<Draft>(api.PUT('/api/drafts/{name}/', { ...named(name), body }));

export const discardDraft = (name: string) =>
  answer<undefined>(api.DELETE('/api/drafts/{name}/', named(name)));

export const createStateMachine = (body: Schemas['CreateStateMachineRequest']) =>
  answer<StateMachine>(api.POST('/api/state-machines/', { body }));

export const updateStateMachine = (name: string, body: Schemas['UpdateStateMachineRequest']) =>
  answer<StateMachine>(api.PUT('/api/state-machines/{name}/', { ...named(name), body }));

export const listActions = (signal: AbortSignal) =>
  answer<Actions>(api.GET('/api/actions/', { signal }));

export const reviewDefinition = async (
  definition: string,
  format: DefinitionFormat,
  roleArn: string,
  signal: AbortSignal,
): Promise<Finding[]> => {
  // What is too long to be an ARN is refused when it is published, not while it is written.
  const named = roleArn !== '' && roleArn.length <= 256;
  const body = { definition, format, ...(named && { roleArn }) };
  const found = await answer<Schemas['Findings']>(api.POST('/api/diagnostics/', { body, signal }));
  return found.diagnostics;
};

/** Paths and variables that a state's fields can name, as far as the definition tells. */
export const followData = (definition: string, stateName: string) =>
  answer<Offered>(api.POST('/api/data-flow/', { body: { definition, format: 'JSON', stateName } }));

/** Runs one state as TestState does, and shows its data at each stage. Stores nothing. */
export const testState = (body: Partial<StateTest> & { definition: string }, signal: AbortSignal) =>
  answer<TestedState>(api.POST('/api/state-tests/', { body: { ...USUAL_TEST, ...body }, signal }));

const USUAL_TEST = { format: 'JSON', input: '{}', perform: false, retrierRetryCount: 0 } as const;

/** What the work of states is said to give, saved by name beside the definition. */
export const listMocks = async (name: string, signal: AbortSignal) =>
  (
    await answer<Schemas['Mocks']>(
      api.GET('/api/state-machines/{name}/mocks/', { ...named(name), signal }),
    )
  ).results;

export const createMock = (name: string, body: Schemas['NewMockRequest']) =>
  answer<Mock>(api.POST('/api/state-machines/{name}/mocks/', { ...named(name), body }));

const mockPath = (name: string, mockId: number) => ({ params: { path: { name, mockId } } });

export const updateMock = (name: string, mock: Mock, response: MockedResponse) =>
  answer<Mock>(
    api.PATCH('/api/state-machines/{name}/mocks/{mockId}/', {
      ...mockPath(name, mock.id),
      body: { response, follows: mock.sequence },
    }),
  );

export const deleteMock = (name: string, mock: Mock) =>
  answer<undefined>(
    api.DELETE('/api/state-machines/{name}/mocks/{mockId}/', mockPath(name, mock.id)),
  );

/** Runs a whole definition in memory on mocks. Nothing is called, nothing is stored. */
export const runTest = (
  name: string,
  definition: string,
  input: string,
  mocks: Record<string, string | MockedResponse>,
) =>
  answer<TestRun>(
    api.POST('/api/state-machines/{name}/tests/run/', {
      ...named(name),
      body: { definition, format: 'JSON', test: { input, mocks } },
    }),
  );

/** The test cases that are saved beside a definition, by name. */
export const listTests = async (name: string, signal: AbortSignal) =>
  (
    await answer<Schemas['WorkflowTests']>(
      api.GET('/api/state-machines/{name}/tests/', { ...named(name), signal }),
    )
  ).results;

export const createTest = (name: string, body: TestCase) =>
  answer<WorkflowTest>(
    api.POST('/api/state-machines/{name}/tests/', { ...named(name), body: { mocks: {}, ...body } }),
  );

const testPath = (name: string, testId: number) => ({ params: { path: { name, testId } } });

export const updateTest = (name: string, test: WorkflowTest, body: TestCase) =>
  answer<WorkflowTest>(
    api.PUT('/api/state-machines/{name}/tests/{testId}/', {
      ...testPath(name, test.id),
      body: { mocks: {}, ...body, follows: test.sequence },
    }),
  );

export const deleteTest = (name: string, test: WorkflowTest) =>
  answer<undefined>(
    api.DELETE('/api/state-machines/{name}/tests/{testId}/', testPath(name, test.id)),
  );

/** Runs a saved test on a definition that need not be saved. */
export const runSavedTest = (name: string, definition: string, testId: number) =>
  answer<TestRun>(
    api.POST('/api/state-machines/{name}/tests/run/', {
      ...named(name),
      body: { definition, format: 'JSON', testId },
    }),
  );

/** Saves a finished execution as a test: its input, its tasks' results, and its end. */
export const createTestFrom = ({ machine, name }: ExecutionKey, title: string) =>
  answer<WorkflowTest>(
    api.POST('/api/executions/{stateMachineName}/{executionName}/test/', {
      params: { path: { stateMachineName: machine, executionName: name } },
      body: { name: title },
    }),
  );
