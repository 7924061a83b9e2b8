/** What a key may be limited to, in words. */

import type { Scope } from '@/api/access-keys';
import type { Permission } from '@/api/session';

export const WORDS: Record<Scope, string> = {
  'own-account': 'Its owner’s own account',
  view: 'See everything of the workspace',
  reveal: 'See values of sensitive keys',
  edit: 'Write drafts, tests and mocks',
  publish: 'Create, update and delete state machines and activities',
  deploy: 'Move aliases, keep schedules and rules',
  review: 'Approve proposals',
  run: 'Start, stop and redrive executions',
  work: 'Do the work of activities, answer task tokens',
  'manage-connections': 'Keep connections',
  administer: 'Say who belongs to the workspace',
};

/** Whether a key can be limited to it. */
export const isScope = (permission: Permission): permission is Scope =>
  Object.hasOwn(WORDS, permission);

/** Days after which a key may expire; null: never. */
export const LIVES: [string, number | null][] = [
  ['Never', null],
  ['In 7 days', 7],
  ['In 30 days', 30],
  ['In 90 days', 90],
  ['In a year', 365],
];

const DAY_MS = 24 * 60 * 60 * 1000;

/** When a key expires that is made at `now` (milliseconds) for so many days. */
export function expiryOf(days: number | null, now: number): string | null {
  return days === null ? null : new Date(now + days * DAY_MS).toISOString();
}
