/** The workspaces of the installation that somebody may see. */

import { queryOptions } from '@tanstack/react-query';

import { answer, api } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Workspace = Schemas['KeptWorkspace'];
export type NewWorkspace = Schemas['NewWorkspaceRequest'];

export const createWorkspace = (body: NewWorkspace) =>
  answer<Workspace>(api.POST('/api/workspaces/', { body }));

export const renameWorkspace = (accountId: string, name: string) =>
  answer<Workspace>(
    api.PATCH('/api/workspaces/{accountId}/', { params: { path: { accountId } }, body: { name } }),
  );

export const workspacesQuery = queryOptions({
  queryKey: ['workspaces'],
  queryFn: ({ signal }) => answer<Workspace[]>(api.GET('/api/workspaces/', { signal })),
});
