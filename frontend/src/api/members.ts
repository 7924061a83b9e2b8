/** Who belongs to the workspace. */

import { queryOptions } from '@tanstack/react-query';

import { answer, api } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Member = Schemas['Member'];
export type AddedMember = Schemas['AddedMember'];
export type Role = Schemas['Role'];

export const listMembers = (signal: AbortSignal) =>
  answer<Member[]>(api.GET('/api/members/', { signal }));

export const addMember = (username: string, role: Role, createAccount: boolean) =>
  answer<AddedMember>(api.POST('/api/members/', { body: { username, role, createAccount } }));

export const setRole = (username: string, role: Role) =>
  answer<Member>(
    api.PATCH('/api/members/{username}/', { params: { path: { username } }, body: { role } }),
  );

export const removeMember = (username: string) =>
  answer<undefined>(api.DELETE('/api/members/{username}/', { params: { path: { username } } }));

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: ({ signal }) => listMembers(signal),
});
