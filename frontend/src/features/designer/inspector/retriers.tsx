import { Plus, X } from 'lucide-react';

import type { Retrier } from '@/asl/definition';
import { insertItem, removeItem, setField } from '@/asl/edit';
import { seconds } from '@/asl/summaries';
import { Button, IconButton } from '@/ui/button';

import { useEditorStore } from '../editor-store';
import { SelectField, TextField } from './controls';
import { errorNames, listed, namesIn } from './error-names';
import { retryDelays } from './retry-delays';
import { useProblems } from './use-problems';

const notANumber = (text: string) =>
  text.trim() === '' || Number.isFinite(Number(text)) ? undefined : 'This is not a number.';
const number = (text: string) => (text.trim() === '' ? undefined : Number(text));

/** The waits of a retrier as bars, longer for longer. */
function Delays({ retrier }: { retrier: Retrier }) {
  const delays = retryDelays(retrier);
  const longest = Math.max(1, ...delays);
  return (
    <div className="delays">
      {delays.map((delay, index) => (
        <span key={index} title={`attempt ${index + 2} after ${delay} s`}>
          <span style={{ height: 4 + (delay / longest) * 20 }} />
          {seconds(delay)}
        </span>
      ))}
      {delays.length === 0 && <span className="muted">never tried again</span>}
    </div>
  );
}

const NUMBERS: [keyof Retrier, string, string][] = [
  ['IntervalSeconds', 'First wait, s', '1'],
  ['MaxAttempts', 'Retries', '3'],
  ['BackoffRate', 'Factor', '2'],
  ['MaxDelaySeconds', 'Longest, s', ''],
];

/** What is tried again after which errors, and when. */
export function Retriers({ name, retry }: { name: string; retry: Retrier[] }) {
  const { apply } = useEditorStore().getState();
  const set = (index: number, field: keyof Retrier, value: unknown) =>
    apply(setField(name, ['Retry', index, field], value), 'Change retrier');
  const problems = useProblems(name);
  return (
    <section className="inspector-section" aria-label="Retry">
      <h3>Retry</h3>
      {retry.map((retrier, index) => (
        <div key={index} className="rule" data-testid="retrier">
          <header>
            <span className="rule-sentence">on {listed(retrier.ErrorEquals) || 'nothing'}</span>
            <IconButton
              label="Remove retrier"
              onClick={() => apply(removeItem(name, ['Retry'], index), 'Remove retrier')}
            >
              <X />
            </IconButton>
          </header>
          <TextField
            label="Errors"
            value={listed(retrier.ErrorEquals)}
            placeholder="States.ALL"
            offers={errorNames}
            problem={problems.within('Retry', index, 'ErrorEquals')}
            testId="retrier-errors"
            onCommit={(text) => set(index, 'ErrorEquals', namesIn(text))}
          />
          <div className="rule-parts rule-numbers">
            {NUMBERS.map(([field, label, usual]) => (
              <TextField
                key={field}
                label={label}
                value={retrier[field] === undefined ? '' : String(retrier[field])}
                placeholder={usual}
                check={notANumber}
                problem={problems.within('Retry', index, field)}
                testId={`retrier-${field}`}
                onCommit={(text) => set(index, field, number(text))}
              />
            ))}
          </div>
          <SelectField
            label="Jitter"
            value={retrier.JitterStrategy ?? ''}
            options={[
              ['', 'none: waits are exact'],
              ['NONE', 'NONE: waits are exact'],
              ['FULL', 'FULL: any time up to the wait'],
            ]}
            problem={problems.within('Retry', index, 'JitterStrategy')}
            testId="retrier-JitterStrategy"
            help="Many executions that fail together should not try again together."
            about="JitterStrategy"
            onCommit={(value) => set(index, 'JitterStrategy', value || undefined)}
          />
          <Delays retrier={retrier} />
        </div>
      ))}
      <Button
        size="small"
        data-testid="add-retrier"
        onClick={() =>
          apply(
            insertItem(name, ['Retry'], retry.length, {
              ErrorEquals: ['States.ALL'],
              IntervalSeconds: 2,
              MaxAttempts: 3,
              BackoffRate: 2,
            }),
            'Add retrier',
          )
        }
      >
        <Plus />
        Add retrier
      </Button>
    </section>
  );
}
