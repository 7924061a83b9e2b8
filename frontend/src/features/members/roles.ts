/** What the roles are for, in the words of the how-to. */

import type { Role } from '@/api/members';

export const ROLES: Role[] = ['viewer', 'editor', 'reviewer', 'operator', 'admin'];

export const PURPOSE: Record<Role, string> = {
  viewer: 'Sees state machines, executions and their data.',
  editor: 'Writes and publishes workflows, runs them, moves aliases.',
  reviewer: 'Does what an editor does, and approves proposals.',
  operator: 'Runs, stops and debugs executions, moves aliases, keeps connections.',
  admin: 'May do everything, and says who belongs to the workspace.',
};
