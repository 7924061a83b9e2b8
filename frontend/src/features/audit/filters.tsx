import { X } from 'lucide-react';
import { useEffect, useId, useState } from 'react';

import type { AuditSearch } from '@/app/search';
import { isoTime, localTime } from '@/features/executions/list/filter';
import { Button } from '@/ui/button';

import { ACTIONS } from './actions';

export type Change = (next: (before: AuditSearch) => AuditSearch) => void;

const DEBOUNCE_MS = 300;

interface PartProps {
  part: keyof AuditSearch;
  label: string;
  search: AuditSearch;
  change: Change;
}

/** The filter with one part of it changed; empty takes the part out. */
const withPart = (before: AuditSearch, part: keyof AuditSearch, value: string): AuditSearch => ({
  ...Object.fromEntries(Object.entries(before).filter(([name]) => name !== part)),
  ...(value !== '' && { [part]: value }),
});

/** A field that tells what was typed once the hand rests. */
function TextField({ part, label, search, change, wide }: PartProps & { wide?: boolean }) {
  const told = search[part] ?? '';
  const [text, setText] = useState(told);
  const [known, setKnown] = useState(told);
  if (told !== known) {
    setKnown(told);
    setText(told);
  }
  const id = useId();
  useEffect(() => {
    if (text === told) return;
    const timer = setTimeout(
      () => change((before) => withPart(before, part, text.trim())),
      DEBOUNCE_MS,
    );
    return () => clearTimeout(timer);
  }, [text, told, change, part]);
  return (
    <label className="filter-field" data-wide={wide} htmlFor={id}>
      <span>{label}</span>
      <input
        id={id}
        className="input"
        type="search"
        spellCheck={false}
        value={text}
        data-testid={`filter-${part}`}
        onChange={({ target }) => setText(target.value)}
      />
    </label>
  );
}

function TimeField({ part, label, search, change }: PartProps) {
  return (
    <label className="filter-field" data-time>
      <span>{label}</span>
      <input
        className="input"
        type="datetime-local"
        data-testid={`filter-${part}`}
        value={localTime(search[part])}
        onChange={({ target }) =>
          change((before) => withPart(before, part, isoTime(target.value) ?? ''))
        }
      />
    </label>
  );
}

/** Everything by which entries of the audit trail are looked for. */
export function Filters({ search, change }: { search: AuditSearch; change: Change }) {
  const same = { search, change };
  return (
    <search className="filters">
      <TextField part="actor" label="Who" {...same} />
      <label className="filter-field">
        <span>What</span>
        <select
          className="input"
          data-testid="filter-action"
          value={search.action ?? ''}
          onChange={({ target }) => change((before) => withPart(before, 'action', target.value))}
        >
          <option value="">Everything</option>
          {Object.entries(ACTIONS).map(([action, words]) => (
            <option key={action} value={action}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <TextField part="subject" label="To what (ARN or name)" wide {...same} />
      <TextField part="text" label="Text in the details" {...same} />
      <TimeField part="after" label="From" {...same} />
      <TimeField part="before" label="Until" {...same} />
      {Object.keys(search).length > 0 && (
        <Button variant="ghost" size="small" onClick={() => change(() => ({}))} data-testid="clear">
          <X />
          Clear
        </Button>
      )}
    </search>
  );
}
