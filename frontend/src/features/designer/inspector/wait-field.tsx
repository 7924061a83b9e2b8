import { exchangeField, setField } from '@/asl/edit';
import type { AnyState } from '@/asl/edit/scopes';

import { useEditorStore } from '../editor-store';
import { SelectField, TextField } from './controls';
import { MomentPicker } from './moment-picker';
import { useOffers } from './use-offers';
import { useProblems } from './use-problems';

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
  const { apply } = useEditorStore().getState();
  const offers = useOffers(name, jsonata ? 'JSONata' : 'JSONPath');
  const problems = useProblems(name);
  const [form = 'Seconds'] = FORMS.find(([field]) => state[field] !== undefined) ?? [];
  const value = state[form];
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return (
    <div className="rule-parts">
      <SelectField
        label="Waits"
        value={form}
        options={jsonata ? FORMS.slice(0, 2) : FORMS}
        testId="wait-form"
        onCommit={(next) =>
          apply(exchangeField(name, [], form, next, USUAL[next]), 'Wait otherwise')
        }
      />
      <TextField
        label={form.startsWith('Seconds') ? 'Seconds' : 'Moment'}
        value={text}
        problem={problems.within(form)}
        testId="wait-value"
        help={
          form.startsWith('Seconds')
            ? 'How long it waits, at most a year.'
            : 'When it goes on: a date and a time with a zone, such as Z.'
        }
        about={form.startsWith('Seconds') ? 'Seconds' : 'Timestamp'}
        offers={jsonata ? offers('input') : form.endsWith('Path') ? offers('effective') : undefined}
        onCommit={(typed) => {
          const number =
            form === 'Seconds' && typed.trim() !== '' && Number.isFinite(Number(typed));
          apply(setField(name, [form], number ? Number(typed) : typed), 'Change wait');
        }}
      />
      {form === 'Timestamp' && (
        <MomentPicker
          value={text}
          onPick={(moment) => apply(setField(name, ['Timestamp'], moment), 'Change wait')}
        />
      )}
    </div>
  );
}
