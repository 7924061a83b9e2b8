import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Save, Trash2 } from 'lucide-react';
import { useState } from 'react';

import { createMock, deleteMock, updateMock } from '@/api/trials';
import { Button, IconButton } from '@/ui/button';
import { toast } from '@/ui/feedback';

import { SelectField, TextField } from '../inspector/controls';
import { jsonProblem } from '../inspector/written';
import { EMPTY, firstOf, isForEvery, responseOf, type Given } from './mocks';
import { useChoice, useTrial } from './trial-store';
import { mocksKey, useMocksOf } from './use-mocks';

/** What the state's work is said to give: nothing, something saved, or something written here. */
export function MockEditor({ machine, state }: { machine: string; state: string }) {
  const queries = useQueryClient();
  const choice = useChoice(state);
  const { mock: choose } = useTrial.getState();
  const saved = useMocksOf(machine, state);
  const chosen = saved.find(({ name }) => choice.kind === 'saved' && name === choice.name);
  const [name, setName] = useState('');
  const given: Given | null =
    choice.kind === 'typed' ? choice.given : chosen === undefined ? null : firstOf(chosen.response);
  const response = given && responseOf(given);

  const done = () => queries.invalidateQueries({ queryKey: mocksKey(machine) });
  const failed = (error: Error) => toast('error', error.message);
  const save = useMutation({
    mutationFn: (title: string) => {
      const known = saved.find((mock) => mock.name === title);
      const body = response ?? {};
      return known
        ? updateMock(machine, known, body)
        : createMock(machine, { state, name: title, response: body });
    },
    onSuccess: async (mock) => {
      await done();
      choose(state, { kind: 'saved', name: mock.name });
      setName('');
    },
    onError: failed,
  });
  const remove = useMutation({
    mutationFn: () => (chosen ? deleteMock(machine, chosen) : Promise.resolve(undefined)),
    onSuccess: async () => {
      choose(state, { kind: 'none' });
      await done();
    },
    onError: failed,
  });
  const put = (next: Given) => choose(state, { kind: 'typed', given: next });
  const value = choice.kind === 'saved' ? `saved:${choice.name}` : choice.kind;

  return (
    <div className="mock-editor">
      <SelectField
        label="Its work gives"
        value={value}
        options={[
          ['none', 'nothing is said'],
          ...saved.map((mock) => [`saved:${mock.name}`, mock.name] as const),
          ['typed', 'what is written here'],
        ]}
        testId="mock-choice"
        onCommit={(next) => {
          if (next === 'none') choose(state, { kind: 'none' });
          else if (next === 'typed') put(given ?? EMPTY);
          else choose(state, { kind: 'saved', name: next.slice('saved:'.length) });
        }}
      />
      {given && (
        <>
          <SelectField
            label="namely"
            value={given.kind}
            options={[
              ['result', 'a result'],
              ['error', 'an error'],
            ]}
            testId="mock-kind"
            onCommit={(kind) =>
              put(
                kind === 'error' ? { kind: 'error', error: 'States.TaskFailed', cause: '' } : EMPTY,
              )
            }
          />
          {given.kind === 'result' ? (
            <TextField
              label="Result"
              lines={3}
              value={given.result}
              check={jsonProblem}
              testId="mock-result"
              onCommit={(result) => put({ kind: 'result', result })}
            />
          ) : (
            <>
              <TextField
                label="Error"
                value={given.error}
                testId="mock-error"
                onCommit={(error) => put({ ...given, error })}
              />
              <TextField
                label="Cause"
                value={given.cause}
                testId="mock-cause"
                onCommit={(cause) => put({ ...given, cause })}
              />
            </>
          )}
          {chosen && !isForEvery(chosen.response) && (
            <p className="muted mock-note">
              Of this mock the first attempt is shown; a run of the whole workflow takes all of
              them.
            </p>
          )}
          {choice.kind === 'typed' && (
            <form
              className="mock-save"
              onSubmit={(event) => {
                event.preventDefault();
                if (name.trim() !== '' && response) save.mutate(name.trim());
              }}
            >
              <input
                className="input"
                aria-label="Name to save it under"
                placeholder="Save it as…"
                maxLength={80}
                list={`mocks-of-${machine}`}
                value={name}
                data-testid="mock-name"
                onChange={({ target }) => setName(target.value)}
              />
              <Button
                type="submit"
                size="small"
                disabled={name.trim() === '' || !response || save.isPending}
                data-testid="mock-save"
              >
                <Save />
                Save
              </Button>
            </form>
          )}
          {chosen && (
            <div className="mock-saved">
              <span className="muted">Changing it here changes a copy.</span>
              <IconButton label={`Delete the mock ${chosen.name}`} onClick={() => remove.mutate()}>
                <Trash2 />
              </IconButton>
            </div>
          )}
        </>
      )}
    </div>
  );
}
