import { setField } from '@/asl/edit';
import type { AnyState } from '@/asl/edit/scopes';
import { updateState } from '@/asl/edit/scopes';

import { useEditorStore } from '../editor-store';
import { SelectField, TextField } from './controls';

const FORMS: [string, string][] = [
  ['Seconds', 'for so many seconds'],
  ['Timestamp', 'until a moment'],
  ['SecondsPath', 'for seconds from the input'],
  ['TimestampPath', 'until a moment from the input'],
];

const USUAL: Record<string, unknown> = {
  Seconds: 5,
  Timestamp: '2030-01-01T00:00:00Z',
  SecondsPath: '$.seconds',
  TimestampPath: '$.moment',
};

/** A Wait is a duration or a moment, given or taken from the input. */
export function WaitField({
  name,
  state,
  jsonata,
}: {
  name: string;
  state: AnyState;
  jsonata: boolean;
}) {
  const editor = useEditorStore();
  const { apply } = editor.getState();
  const [form = 'Seconds'] = FORMS.find(([field]) => state[field] !== undefined) ?? [];
  const value = state[form];
  const change = (next: string) =>
    apply((definition) => {
      const entries = (each: AnyState) =>
        Object.entries(each).map(([key, old]) => (key === form ? [next, USUAL[next]] : [key, old]));
      const changed = updateState(
        definition,
        name,
        (each) => Object.fromEntries(entries(each)) as AnyState,
      );
      return { ok: true, definition: changed, select: [name] };
    }, 'Wait otherwise');
  return (
    <div className="rule-parts">
      <SelectField
        label="Waits"
        value={form}
        options={jsonata ? FORMS.slice(0, 2) : FORMS}
        testId="wait-form"
        onCommit={change}
      />
      <TextField
        label={form.startsWith('Seconds') ? 'Seconds' : 'Moment'}
        value={typeof value === 'string' || typeof value === 'number' ? String(value) : ''}
        testId="wait-value"
        onCommit={(text) => {
          const number = form === 'Seconds' && text.trim() !== '' && Number.isFinite(Number(text));
          apply(setField(name, [form], number ? Number(text) : text), 'Change wait');
        }}
      />
    </div>
  );
}
