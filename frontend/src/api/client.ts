/**
 * How the REST API is called, for the files beside this one, which have its calls and queries by
 * story. Types come from schema.d.ts, which `npm run generate:api` writes from the server's OpenAPI
 * document; everything else imports names and functions from these files.
 */

import createClient from 'openapi-fetch';

import type { components, paths } from './schema';

type Schemas = components['schemas'];
export type Diagnostic = Schemas['Diagnostic'];

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

export function showAccount(accountId: string) {
  shownAccount = accountId;
}

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

/** The one name in an address. */
export const named = (name: string) => ({ params: { path: { name } } });
