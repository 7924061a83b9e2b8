import { Plus, X } from 'lucide-react';

import type { Catcher, Retrier } from '@/asl/definition';
import { insertItem, removeItem, setField, type FieldPath } from '@/asl/edit';
import { seconds } from '@/asl/summaries';
import { Button, IconButton } from '@/ui/button';

import { useEditorStore } from '../editor-store';
import { SelectField, TextField } from './controls';
import { retryDelays } from './retry-delays';

const listed = (names: string[] | undefined) => (names ?? []).join(', ');
const names = (text: string) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
const notANumber = (text: string) =>
  text.trim() === '' || Number.isFinite(Number(text)) ? undefined : 'This is no number.';
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
  ['MaxAttempts', 'Attempts', '3'],
  ['BackoffRate', 'Times', '2'],
  ['MaxDelaySeconds', 'Longest, s', ''],
];

/** What is tried again, and where errors lead. */
export function ErrorHandling({
  name,
  retry,
  catchers,
  targets,
}: {
  name: string;
  retry: Retrier[];
  catchers: Catcher[];
  targets: string[];
}) {
  const editor = useEditorStore();
  const { apply } = editor.getState();
  const set = (path: FieldPath, value: unknown, label: string) =>
    apply(setField(name, path, value), label);
  const handlers = targets.filter((each) => each !== name);
  return (
    <>
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
              onCommit={(text) =>
                set(['Retry', index, 'ErrorEquals'], names(text), 'Change retrier')
              }
            />
            <div className="rule-parts rule-numbers">
              {NUMBERS.map(([field, label, usual]) => (
                <TextField
                  key={field}
                  label={label}
                  value={retrier[field] === undefined ? '' : String(retrier[field])}
                  placeholder={usual}
                  check={notANumber}
                  onCommit={(text) => set(['Retry', index, field], number(text), 'Change retrier')}
                />
              ))}
            </div>
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
      <section className="inspector-section" aria-label="Catch">
        <h3>Catch</h3>
        {catchers.map((catcher, index) => (
          <div key={index} className="rule" data-testid="catcher">
            <header>
              <span className="rule-sentence">
                {listed(catcher.ErrorEquals)} leads to {catcher.Next}
              </span>
              <IconButton
                label="Remove catcher, and what only it leads to"
                onClick={() =>
                  apply(removeItem(name, ['Catch'], index, 'delete'), 'Remove catcher')
                }
              >
                <X />
              </IconButton>
            </header>
            <TextField
              label="Errors"
              value={listed(catcher.ErrorEquals)}
              onCommit={(text) =>
                set(['Catch', index, 'ErrorEquals'], names(text), 'Change catcher')
              }
            />
            <SelectField
              label="leads to"
              value={catcher.Next ?? ''}
              options={handlers.map((each) => [each, each] as const)}
              onCommit={(to) => set(['Catch', index, 'Next'], to, 'Lead elsewhere')}
            />
          </div>
        ))}
        <Button
          size="small"
          data-testid="add-catcher"
          disabled={handlers.length === 0}
          title={handlers.length === 0 ? 'Insert a state that handles the error first.' : undefined}
          onClick={() =>
            apply(
              insertItem(name, ['Catch'], catchers.length, {
                ErrorEquals: ['States.ALL'],
                Next: handlers.at(-1),
              }),
              'Add catcher',
            )
          }
        >
          <Plus />
          Add catcher
        </Button>
      </section>
    </>
  );
}
