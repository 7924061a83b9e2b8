import { Plus, X } from 'lucide-react';

import type { Catcher } from '@/asl/definition';
import { insertItem, removeItem, setField } from '@/asl/edit';
import { Button, IconButton } from '@/ui/button';

import { useEditorStore } from '../editor-store';
import { SelectField, TextField } from './controls';
import { errorNames, listed, namesIn } from './error-names';
import { useOffers } from './use-offers';
import { useProblems } from './use-problems';
import { jsonProblem, read, written } from './written';

interface Props {
  name: string;
  catchers: Catcher[];
  targets: string[];
  jsonata: boolean;
}

/** Where errors lead, and what they take along. The first that matches wins. */
export function Catchers({ name, catchers, targets, jsonata }: Props) {
  const { apply } = useEditorStore().getState();
  const offers = useOffers(name, jsonata ? 'JSONata' : 'JSONPath');
  const set = (index: number, field: keyof Catcher, value: unknown) =>
    apply(setField(name, ['Catch', index, field], value), 'Change catcher');
  const problems = useProblems(name);
  const handlers = targets.filter((each) => each !== name);
  return (
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
              onClick={() => apply(removeItem(name, ['Catch'], index, 'delete'), 'Remove catcher')}
            >
              <X />
            </IconButton>
          </header>
          <TextField
            label="Errors"
            value={listed(catcher.ErrorEquals)}
            offers={errorNames}
            problem={problems.within('Catch', index, 'ErrorEquals')}
            testId="catcher-errors"
            onCommit={(text) => set(index, 'ErrorEquals', namesIn(text))}
          />
          <SelectField
            label="Leads to"
            value={catcher.Next ?? ''}
            options={handlers.map((each) => [each, each] as const)}
            problem={problems.within('Catch', index, 'Next')}
            testId="catcher-next"
            onCommit={(to) => set(index, 'Next', to)}
          />
          {jsonata ? (
            <TextField
              label="Output"
              lines={1}
              value={written(catcher.Output, 'json')}
              check={jsonProblem}
              problem={problems.within('Catch', index, 'Output')}
              testId="catcher-Output"
              placeholder="{% $states.errorOutput %}"
              help="What goes on with the error; the error itself where nothing is said."
              about="Output"
              offers={offers('error')}
              onCommit={(text) => set(index, 'Output', read(text, 'json'))}
            />
          ) : (
            <TextField
              label="Result path"
              value={written(catcher.ResultPath, 'text')}
              problem={problems.within('Catch', index, 'ResultPath')}
              testId="catcher-ResultPath"
              placeholder="$"
              help="Where the error is put into the state's input; $ puts it in place of the input."
              about="ResultPath"
              offers={offers('input')}
              onCommit={(text) => set(index, 'ResultPath', read(text, 'text'))}
            />
          )}
          <TextField
            label="Assign"
            lines={1}
            value={written(catcher.Assign, 'json')}
            check={jsonProblem}
            problem={problems.within('Catch', index, 'Assign')}
            testId="catcher-Assign"
            help="Variables that are set when this error is caught."
            about="Assign"
            offers={offers('error')}
            onCommit={(text) => set(index, 'Assign', read(text, 'json'))}
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
  );
}
