import type { ReactNode } from 'react';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

import type { State } from '@/asl/definition';
import { summaryOf } from '@/asl/summaries';
import { causeMessage } from '@/history/event-text';
import { retriesOf, type Visit } from '@/history/model';
import type { TreeRow } from '@/history/tree';
import { statusWord } from '@/ui/status';
import { duration } from '@/ui/time';

/** What a cell is made from; `visit` is null for branches and iterations. */
export interface CellContext {
  row: TreeRow;
  visit: Visit | null;
  state: State | undefined;
  /** When the execution began, in seconds. */
  startedAt: number | null;
  /** The clock, in milliseconds. */
  now: number;
}

interface Column {
  title: string;
  width: string;
  number?: boolean;
  mono?: boolean;
  /** Shown until somebody chooses otherwise. */
  initial: boolean;
  cell: (context: CellContext) => ReactNode;
}

const short = (text: string | null | undefined) =>
  text == null ? '' : text.length > 240 ? `${text.slice(0, 240)}…` : text;

const sinceStart = ({ row, startedAt }: CellContext) =>
  `+${Math.max(0, row.startedAt - (startedAt ?? row.startedAt)).toFixed(3)} s`;

const worked = ({ visit, now }: CellContext) => {
  if (!visit || visit.attempts.length === 0) return '';
  const ms = visit.attempts.reduce(
    (sum, { startedAt, scheduledAt, endedAt }) =>
      sum + (endedAt === null ? now : endedAt * 1000) - (startedAt ?? scheduledAt) * 1000,
    0,
  );
  return duration(ms);
};

/** Every column that the table can have, in the order in which they stand. */
export const COLUMNS = {
  status: {
    title: 'Status',
    width: '104px',
    initial: true,
    cell: ({ row }) => statusWord(row.status),
  },
  type: {
    title: 'Type',
    width: '84px',
    initial: true,
    cell: ({ row, visit }) =>
      visit?.type ?? (row.kind === 'item' ? 'Iteration' : row.kind === 'branch' ? 'Branch' : ''),
  },
  resource: {
    title: 'Does',
    width: '190px',
    initial: false,
    cell: ({ state, visit }) => (visit && state ? summaryOf(state) : ''),
  },
  start: { title: 'Start', width: '96px', number: true, initial: true, cell: sinceStart },
  clock: {
    title: 'Entered at',
    width: '104px',
    initial: false,
    cell: ({ row }) => new Date(row.startedAt * 1000).toISOString().slice(11, 23),
  },
  duration: {
    title: 'Duration',
    width: '96px',
    number: true,
    initial: true,
    cell: ({ row, now }) => duration((row.endedAt ?? now / 1000) * 1000 - row.startedAt * 1000),
  },
  worked: { title: 'Working', width: '92px', number: true, initial: false, cell: worked },
  retries: {
    title: 'Retries',
    width: '64px',
    number: true,
    initial: true,
    cell: ({ visit }) => (visit && retriesOf(visit) > 0 ? retriesOf(visit) : ''),
  },
  error: {
    title: 'Error',
    width: 'minmax(140px, 1.2fr)',
    initial: true,
    cell: ({ visit }) =>
      short([visit?.error, visit?.cause && causeMessage(visit.cause)].filter(Boolean).join(': ')),
  },
  input: {
    title: 'Input',
    width: 'minmax(140px, 1fr)',
    mono: true,
    initial: false,
    cell: ({ visit }) => short(visit?.input),
  },
  output: {
    title: 'Output',
    width: 'minmax(140px, 1fr)',
    mono: true,
    initial: true,
    cell: ({ visit }) => short(visit?.output),
  },
  event: {
    title: 'Event',
    width: '64px',
    number: true,
    initial: false,
    cell: ({ visit }) => visit?.id ?? '',
  },
} satisfies Record<string, Column>;

export type ColumnName = keyof typeof COLUMNS;
export const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[];
export const columnOf = (name: ColumnName): Column => COLUMNS[name];

/** The columns a person has chosen, remembered across visits. */
export const useColumns = create<{
  shown: ColumnName[];
  toggle: (name: ColumnName) => void;
}>()(
  persist(
    (set) => ({
      shown: COLUMN_NAMES.filter((name) => COLUMNS[name].initial),
      toggle: (name) =>
        set(({ shown }) => ({
          shown: COLUMN_NAMES.filter((each) =>
            each === name ? !shown.includes(each) : shown.includes(each),
          ),
        })),
    }),
    { name: 'stepwell.columns' },
  ),
);
