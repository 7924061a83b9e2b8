import type { NewConnection } from '@/api/triggers';

export type Kind = NewConnection['authorizationType'];

export const WORDS: Record<Kind, string> = {
  API_KEY: 'API key',
  BASIC: 'User name and password',
  OAUTH_CLIENT_CREDENTIALS: 'OAuth client credentials',
};

export interface Field {
  name: string;
  label: string;
  secret?: boolean;
}

/** What is asked for, by kind. */
export const FIELDS: Record<Kind, Field[]> = {
  API_KEY: [
    { name: 'key', label: 'Header' },
    { name: 'secret', label: 'Value', secret: true },
  ],
  BASIC: [
    { name: 'key', label: 'User name' },
    { name: 'secret', label: 'Password', secret: true },
  ],
  OAUTH_CLIENT_CREDENTIALS: [
    { name: 'endpoint', label: 'Token endpoint (https)' },
    { name: 'key', label: 'Client ID' },
    { name: 'secret', label: 'Client secret', secret: true },
  ],
};

/** EventBridge's AuthParameters of what was filled in. */
export function parametersOf(
  kind: Kind,
  { key = '', secret = '', endpoint = '' }: Record<string, string>,
): Record<string, unknown> {
  switch (kind) {
    case 'API_KEY':
      return { ApiKeyAuthParameters: { ApiKeyName: key, ApiKeyValue: secret } };
    case 'BASIC':
      return { BasicAuthParameters: { Username: key, Password: secret } };
    case 'OAUTH_CLIENT_CREDENTIALS':
      return {
        OAuthParameters: {
          AuthorizationEndpoint: endpoint,
          HttpMethod: 'POST',
          ClientParameters: { ClientID: key, ClientSecret: secret },
        },
      };
  }
}
