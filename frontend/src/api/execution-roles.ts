/** What executions may do. */

import { queryOptions } from '@tanstack/react-query';

import { answer, api } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type ExecutionRole = Schemas['ExecutionRole'];

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

export const executionRolesQuery = queryOptions({
  queryKey: ['execution-roles'],
  queryFn: ({ signal }) => listExecutionRoles(signal),
});
