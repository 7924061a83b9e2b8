/** Who is signed in, where, and their password. */

import { queryOptions } from '@tanstack/react-query';

import { answer, api, showAccount } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Session = Schemas['Session'];
export type Permission = Schemas['Permission'];

export async function getSession(): Promise<Session> {
  const session = await answer<Session>(api.GET('/api/session/'));
  showAccount(session.accountId);
  return session;
}

/** Goes over to another workspace with all windows of this session. */
export const chooseWorkspace = (accountId: string) =>
  answer<undefined>(api.PUT('/api/session/workspace/', { body: { accountId } }));

export const changePassword = (currentPassword: string, newPassword: string) =>
  answer<undefined>(api.POST('/api/session/password/', { body: { currentPassword, newPassword } }));

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: getSession,
  staleTime: Infinity,
});
