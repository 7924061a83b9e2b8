/** What was done, by whom. */

import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';

import { answer, api } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type AuditEntry = Schemas['AuditEntry'];
export type AuditAction = Schemas['AuditAction'];

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

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) => findAuditEntries(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
