import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';

import {
  mapRunQuery,
  updateMapRun,
  type MapRun,
  type MapRunChange,
  type MapRunKey,
} from '@/api/map-runs';
import { Button } from '@/ui/button';

type Name = 'maxConcurrency' | 'toleratedFailureCount' | 'toleratedFailurePercentage';

const FIELDS: [Name, string, string][] = [
  ['maxConcurrency', 'At most at once', '0: as many as can be'],
  ['toleratedFailureCount', 'Tolerated failures', 'how many'],
  ['toleratedFailurePercentage', 'Tolerated failures', 'percent of all'],
];

const shown = (value: number | null) => (value === null ? '' : String(value));

/** What the run works by. While it goes on it can be changed, from its next step on. */
export function SettingsForm({ of, run }: { of: MapRunKey; run: MapRun }) {
  const queries = useQueryClient();
  const prefix = useId();
  const [typed, setTyped] = useState<Partial<Record<Name, string>>>({});
  const running = run.status === 'RUNNING';
  const change: MapRunChange = {};
  let wrong = false;
  for (const [name] of FIELDS) {
    const text = typed[name];
    if (text === undefined || text === shown(run[name])) continue;
    const value = Number(text);
    const whole = name === 'toleratedFailurePercentage' || Number.isInteger(value);
    if (text.trim() === '' || !Number.isFinite(value) || value < 0 || !whole) wrong = true;
    else change[name] = value;
  }
  const changed = Object.keys(change).length > 0;
  const save = useMutation({
    mutationFn: () => updateMapRun(of, change),
    onSuccess: (next) => {
      setTyped({});
      queries.setQueryData(mapRunQuery(of).queryKey, next);
    },
  });
  return (
    <form
      className="run-settings"
      aria-label="Settings"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed && !wrong) save.mutate();
      }}
    >
      {FIELDS.map(([name, label, hint]) => (
        <label key={name} htmlFor={`${prefix}${name}`}>
          <span>
            {label} <small className="muted">{hint}</small>
          </span>
          <input
            id={`${prefix}${name}`}
            className="input"
            inputMode="decimal"
            disabled={!running}
            placeholder="none"
            value={typed[name] ?? shown(run[name])}
            data-testid={`run-${name}`}
            onChange={({ target }) => setTyped((before) => ({ ...before, [name]: target.value }))}
          />
        </label>
      ))}
      {running && (
        <Button
          type="submit"
          disabled={!changed || wrong || save.isPending}
          data-testid="run-settings-save"
        >
          Apply
        </Button>
      )}
      <p className="field-error" role="alert">
        {wrong ? 'These are numbers from 0 on.' : save.error?.message}
      </p>
    </form>
  );
}
