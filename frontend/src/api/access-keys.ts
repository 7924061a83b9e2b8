/** Keys and tokens of programs. */

import { queryOptions } from '@tanstack/react-query';

import { answer, api } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Scope = Schemas['Scope'];
export type AccessKey = Schemas['AccessKey'];
export type NewAccessKey = Schemas['NewAccessKey'];
export type ApiToken = Schemas['ApiToken'];
export type NewApiToken = Schemas['NewApiToken'];

export const listAccessKeys = (signal: AbortSignal) =>
  answer<AccessKey[]>(api.GET('/api/access-keys/', { signal }));

/** `scopes` null: all that the role allows; `expiresAt` null: never. */
export const createAccessKey = (scopes: Scope[] | null, expiresAt: string | null) =>
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

export const accessKeysQuery = queryOptions({
  queryKey: ['access-keys'],
  queryFn: ({ signal }) => listAccessKeys(signal),
});

export const apiTokensQuery = queryOptions({
  queryKey: ['api-tokens'],
  queryFn: ({ signal }) => listApiTokens(signal),
});
