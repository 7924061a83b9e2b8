/** What addresses may say behind the question mark; anything else is left out, never an error. */

import type { ListedStatus } from '@/api/executions';

export interface MachinesSearch {
  search?: string;
}

export interface MachineSearch {
  status?: ListedStatus | 'paused';
  view?: 'definition';
}

/** The execution that a new workflow begins from. */
export interface NewSearch {
  machine?: string;
  execution?: string;
}

export interface VersionsSearch {
  /** The two that are compared: ids of revisions, or "draft". */
  before?: string;
  after?: string;
  view?: 'text';
}

export const REVIEWS_OF = ['review', 'mine', 'all'] as const;

export interface ReviewsSearch {
  /** Which proposals; unless said, those that wait for one's word. */
  which?: (typeof REVIEWS_OF)[number];
  /** Closed ones, too. */
  closed?: true;
}

export interface ProposalSearch {
  view?: 'text';
  /** The push that is compared with; unless said, what the proposal goes on from. */
  since?: number;
}

/** How long ago an execution may have started, where no times are given; it moves on with the clock. */
export const SINCE = { '15m': 15, '1h': 60, '24h': 24 * 60, '7d': 7 * 24 * 60 } as const;
export type Since = keyof typeof SINCE;

export interface ExecutionsSearch {
  machine?: string;
  status?: ListedStatus[];
  since?: Since;
  /** ISO 8601. */
  after?: string;
  before?: string;
  name?: string;
  version?: number;
  alias?: string;
  error?: string;
  input?: string;
  /** Only what is paused at a breakpoint or by a step; by whom, a part of the name. */
  paused?: true;
  pausedBy?: string;
}

export interface WhatIfSearch {
  /** The question, and the execution of it that is looked at. */
  id?: number;
  execution?: string;
  /** Names of executions to ask of, in place of the latest. */
  chosen?: string[];
}

export interface MapRunSearch {
  /** Which children are listed. */
  status?: ListedStatus;
}

export interface ApprovalsSearch {
  show?: 'decided';
  /** Those that others are asked, too. */
  of?: 'all';
  /** The one that is looked at. */
  id?: number;
}

export const INSPECTION_TABS = [
  'input',
  'output',
  'stages',
  'error',
  'retries',
  'definition',
  'events',
] as const;
export type InspectionTab = (typeof INSPECTION_TABS)[number];

/** What stands below the graph, unless it is the list of events. */
export const BELOW = ['timeline', 'table'] as const;
export type Below = (typeof BELOW)[number];

export interface ExecutionSearch {
  /** The selected state's name. */
  state?: string;
  /** The id of the event that entered it, where a state was visited several times. */
  visit?: number;
  tab?: InspectionTab;
  /** A selected event's id. */
  event?: number;
  /** The iteration looked at, by the Map's name. */
  items?: Record<string, number>;
  below?: Below;
  /** The page shows the execution as it was after this event. */
  at?: number;
}

export interface AuditSearch {
  actor?: string;
  action?: string;
  subject?: string;
  text?: string;
  /** ISO 8601. */
  after?: string;
  before?: string;
}

type Raw = Record<string, unknown>;

const text = (value: unknown) =>
  typeof value === 'string' && value !== ''
    ? value
    : typeof value === 'number'
      ? String(value)
      : undefined;
const count = (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;

const STATUSES: ListedStatus[] = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

export function readMachinesSearch(raw: Raw): MachinesSearch {
  const search = text(raw.search);
  return search === undefined ? {} : { search };
}

export function readMachineSearch(raw: Raw): MachineSearch {
  const status =
    raw.status === 'paused' ? raw.status : STATUSES.find((each) => each === raw.status);
  return {
    ...(status && { status }),
    ...(raw.view === 'definition' && { view: 'definition' as const }),
  };
}

const moment = (value: unknown) =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined;

export function readExecutionsSearch(raw: Raw): ExecutionsSearch {
  const asked: unknown[] = Array.isArray(raw.status) ? raw.status : [raw.status];
  const status = STATUSES.filter((each) => asked.includes(each));
  const since = (Object.keys(SINCE) as Since[]).find((each) => each === raw.since);
  const found: { [K in keyof ExecutionsSearch]: ExecutionsSearch[K] | undefined } = {
    machine: text(raw.machine),
    status: status.length > 0 ? status : undefined,
    since,
    after: moment(raw.after),
    before: moment(raw.before),
    name: text(raw.name),
    version: raw.version === 0 ? undefined : count(raw.version),
    alias: text(raw.alias),
    error: text(raw.error),
    input: text(raw.input),
    paused: raw.paused === true || text(raw.pausedBy) !== undefined ? true : undefined,
    pausedBy: text(raw.pausedBy),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export function readExecutionSearch(raw: Raw): ExecutionSearch {
  const state = text(raw.state);
  const visit = count(raw.visit);
  const event = count(raw.event);
  const tab = INSPECTION_TABS.find((each) => each === raw.tab);
  const below = BELOW.find((each) => each === raw.below);
  const at = count(raw.at);
  const items = raw.items;
  const picks =
    typeof items === 'object' && items !== null
      ? Object.entries(items as Raw).flatMap(([name, value]): [string, number][] => {
          const index = count(value);
          return index === undefined ? [] : [[name, index]];
        })
      : [];
  return {
    ...(state !== undefined && { state }),
    ...(visit !== undefined && { visit }),
    ...(event !== undefined && { event }),
    ...(tab && { tab }),
    ...(picks.length > 0 && { items: Object.fromEntries(picks) }),
    ...(below && { below }),
    ...(at !== undefined && { at }),
  };
}

export function readAuditSearch(raw: Raw): AuditSearch {
  const found: { [K in keyof AuditSearch]: AuditSearch[K] | undefined } = {
    actor: text(raw.actor),
    action: text(raw.action),
    subject: text(raw.subject),
    text: text(raw.text),
    after: moment(raw.after),
    before: moment(raw.before),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export function readReviewsSearch(raw: Raw): ReviewsSearch {
  const which = REVIEWS_OF.find((each) => each === raw.which);
  return { ...(which && { which }), ...(raw.closed === true && { closed: true as const }) };
}

export function readProposalSearch(raw: Raw): ProposalSearch {
  const since = count(raw.since);
  return {
    ...(raw.view === 'text' && { view: 'text' as const }),
    ...(since !== undefined && since > 0 && { since }),
  };
}

export function readNewSearch(raw: Raw): NewSearch {
  const machine = text(raw.machine);
  const execution = text(raw.execution);
  return {
    ...(machine !== undefined && { machine }),
    ...(execution !== undefined && { execution }),
  };
}

export function readWhatIfSearch(raw: Raw): WhatIfSearch {
  const id = count(raw.id);
  const execution = text(raw.execution);
  const asked: unknown[] = Array.isArray(raw.chosen) ? raw.chosen : [raw.chosen];
  const chosen = asked.flatMap((each) => text(each) ?? []);
  return {
    ...(id !== undefined && { id }),
    ...(execution !== undefined && { execution }),
    ...(chosen.length > 0 && { chosen }),
  };
}

export function readMapRunSearch(raw: Raw): MapRunSearch {
  const status = STATUSES.find((each) => each === raw.status);
  return status ? { status } : {};
}

export function readApprovalsSearch(raw: Raw): ApprovalsSearch {
  const id = count(raw.id);
  return {
    ...(raw.show === 'decided' && { show: 'decided' as const }),
    ...(raw.of === 'all' && { of: 'all' as const }),
    ...(id !== undefined && { id }),
  };
}

const REVISION = /^(draft|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const revision = (value: unknown) =>
  typeof value === 'string' && REVISION.test(value) ? value : undefined;

export function readVersionsSearch(raw: Raw): VersionsSearch {
  const before = revision(raw.before);
  const after = revision(raw.after);
  return {
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(raw.view === 'text' && { view: 'text' as const }),
  };
}
