import { useQuery } from '@tanstack/react-query';
import { Pause, Search, X } from 'lucide-react';
import { useEffect, useId, useState } from 'react';

import type { ListedStatus } from '@/api/executions';
import { machineNamesQuery } from '@/api/state-machines';
import { SINCE, type ExecutionsSearch, type Since } from '@/app/search';
import { Button } from '@/ui/button';
import { StatusGlyph, statusWord } from '@/ui/status';

import {
  isFiltered,
  isoTime,
  localTime,
  STATUSES,
  withPart,
  withPaused,
  withStatus,
} from './filter';

export type Change = (next: (before: ExecutionsSearch) => ExecutionsSearch) => void;

const DEBOUNCE_MS = 300;
const SINCE_WORDS: Record<Since, string> = {
  '15m': 'Last 15 minutes',
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
};

/** The statuses with how many there are of each, and how many are paused; none chosen means all. */
export function StatusFilter({
  search,
  counts,
  paused,
  complete,
  change,
}: {
  search: ExecutionsSearch;
  counts: Record<ListedStatus, number> | undefined;
  paused: number | undefined;
  complete: boolean;
  change: Change;
}) {
  const chosen = search.status ?? [];
  return (
    <div className="status-filter" role="group" aria-label="Statuses">
      {STATUSES.map((status) => {
        const count = counts?.[status];
        const most = count !== undefined && count >= 10_000;
        return (
          <button
            key={status}
            type="button"
            className="status-choice"
            aria-pressed={chosen.includes(status)}
            data-status={status}
            data-count={count}
            data-testid="status-choice"
            title={
              complete || count === undefined
                ? undefined
                : most
                  ? 'Counting stops at 10,000'
                  : 'Among the latest that were searched'
            }
            onClick={() => change((before) => withStatus(before, status))}
          >
            <StatusGlyph status={status} size={13} />
            {statusWord(status)}
            <span className="status-count">
              {count === undefined ? '' : `${count.toLocaleString('en')}${complete ? '' : '+'}`}
            </span>
          </button>
        );
      })}
      <button
        type="button"
        className="status-choice paused-choice"
        aria-pressed={search.paused === true}
        data-count={paused}
        data-testid="paused-choice"
        title="Held by a debugger: at a breakpoint, after a step or by Pause all"
        onClick={() => change(withPaused)}
      >
        <Pause aria-hidden="true" />
        Paused
        <span className="status-count">{paused?.toLocaleString('en')}</span>
      </button>
    </div>
  );
}

/** A field that tells what was typed once the hand rests. */
function TextField({
  part,
  label,
  search,
  change,
  wide = false,
  numeric = false,
}: {
  part: 'name' | 'alias' | 'error' | 'input' | 'version' | 'pausedBy';
  label: string;
  search: ExecutionsSearch;
  change: Change;
  wide?: boolean;
  numeric?: boolean;
}) {
  const told = search[part] === undefined ? '' : String(search[part]);
  const [text, setText] = useState(told);
  const [known, setKnown] = useState(told);
  if (told !== known) {
    setKnown(told);
    setText(told);
  }
  const id = useId();
  useEffect(() => {
    if (text === told) return;
    const timer = setTimeout(() => {
      const value = text.trim() === '' ? undefined : numeric ? Number(text) || undefined : text;
      change((before) => withPart(before, part, value as never));
    }, DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text, told, change, part, numeric]);
  return (
    <label className="filter-field" data-wide={wide || undefined} htmlFor={id}>
      <span>{label}</span>
      <input
        id={id}
        className="input"
        type="search"
        inputMode={numeric ? 'numeric' : 'text'}
        spellCheck={false}
        value={text}
        data-testid={`filter-${part}`}
        {...(part === 'name' && { 'data-shortcut': 'search' })}
        onChange={({ target }) => setText(target.value)}
      />
      {part === 'name' && <Search aria-hidden="true" />}
    </label>
  );
}

function Started({ search, change }: { search: ExecutionsSearch; change: Change }) {
  const exact = search.after !== undefined || search.before !== undefined;
  const [asked, setAsked] = useState(false);
  const between = exact || asked;
  const set = (part: 'after' | 'before', local: string) =>
    change((before) => withPart(withPart(before, 'since', undefined), part, isoTime(local)));
  return (
    <>
      <label className="filter-field">
        <span>Started</span>
        <select
          className="input"
          data-testid="filter-since"
          value={between ? 'between' : (search.since ?? '')}
          onChange={({ target: { value } }) => {
            setAsked(value === 'between');
            const since = (value in SINCE ? value : undefined) as Since | undefined;
            change((before) => {
              const open = withPart(withPart(before, 'after', undefined), 'before', undefined);
              return withPart(open, 'since', since);
            });
          }}
        >
          <option value="">At any time</option>
          {(Object.keys(SINCE) as Since[]).map((each) => (
            <option key={each} value={each}>
              {SINCE_WORDS[each]}
            </option>
          ))}
          <option value="between">Between…</option>
        </select>
      </label>
      {between &&
        (['after', 'before'] as const).map((part) => (
          <label key={part} className="filter-field" data-time>
            <span>{part === 'after' ? 'From' : 'Until'}</span>
            <input
              className="input"
              type="datetime-local"
              data-testid={`filter-${part}`}
              value={localTime(search[part])}
              onChange={({ target }) => set(part, target.value)}
            />
          </label>
        ))}
    </>
  );
}

/** Everything by which executions are looked for, besides their status. */
export function Filters({ search, change }: { search: ExecutionsSearch; change: Change }) {
  const { data: names = [] } = useQuery(machineNamesQuery);
  const machine = search.machine ?? '';
  const offered = machine === '' || names.includes(machine) ? names : [machine, ...names];
  const same = { search, change };
  return (
    <search className="filters">
      <TextField part="name" label="Name" {...same} />
      {search.paused && <TextField part="pausedBy" label="Paused by" {...same} />}
      <label className="filter-field">
        <span>State machine</span>
        <select
          className="input"
          data-testid="filter-machine"
          value={machine}
          onChange={({ target }) =>
            change((before) => withPart(before, 'machine', target.value || undefined))
          }
        >
          <option value="">All of them</option>
          {offered.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Started {...same} />
      <TextField part="input" label="Text in the input" wide {...same} />
      <TextField part="error" label="Error" {...same} />
      <TextField part="version" label="Version" numeric {...same} />
      <TextField part="alias" label="Alias" {...same} />
      {isFiltered(search) && (
        <Button variant="ghost" size="small" onClick={() => change(() => ({}))} data-testid="clear">
          <X />
          Clear
        </Button>
      )}
    </search>
  );
}
