import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type ReactNode } from 'react';

import { createTest, updateTest, type TestCase, type WorkflowTest } from '@/api/test-cases';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

import { casesKey } from './case-runs';
import { ENDS, readCase, writeCase, type CaseText } from './case-text';

interface Props {
  machine: string;
  /** A test that is saved already, or one to begin with. */
  test: WorkflowTest | TestCase;
  onClose: () => void;
}

const isSaved = (test: WorkflowTest | TestCase): test is WorkflowTest => 'id' in test;

function Field({
  label,
  hint,
  children,
}: {
  label: string;
  hint?: string;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="case-field">
      <label className="field-label" htmlFor={id}>
        {label}
        {hint !== undefined && <span className="muted"> {hint}</span>}
      </label>
      {children(id)}
    </div>
  );
}

/** Everything a test says, to be written anew or changed. */
export function CaseDialog({ machine, test, onClose }: Props) {
  const queries = useQueryClient();
  const [text, setText] = useState(() => writeCase(test));
  const save = useMutation({
    mutationFn: async () => {
      const body = readCase(text);
      return isSaved(test) ? updateTest(machine, test, body) : createTest(machine, body);
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: casesKey(machine) });
      onClose();
    },
  });
  const put = (change: Partial<CaseText>) => setText((before) => ({ ...before, ...change }));
  const area = (label: string, member: keyof CaseText, rows: number, hint?: string) => (
    <Field label={label} {...(hint !== undefined && { hint })}>
      {(id) => (
        <textarea
          id={id}
          className="input mono"
          rows={rows}
          spellCheck={false}
          value={text[member]}
          data-testid={`case-${member}`}
          onChange={({ target }) => put({ [member]: target.value })}
        />
      )}
    </Field>
  );
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={isSaved(test) ? `Test case ${test.name}` : 'New test case'}
      description="What the workflow is given, what its tasks give, and what has to come of it. What is left empty is not looked at."
    >
      <ConfirmForm
        deed={save}
        onClose={onClose}
        keep="Cancel"
        testId="case-save"
        fields={
          <div className="case-fields">
            <Field label="Name">
              {(id) => (
                <input
                  id={id}
                  className="input"
                  required
                  maxLength={80}
                  value={text.name}
                  data-testid="case-name"
                  onChange={({ target }) => put({ name: target.value })}
                />
              )}
            </Field>
            <Field label="It ends">
              {(id) => (
                <select
                  id={id}
                  className="input"
                  value={text.status}
                  data-testid="case-status"
                  onChange={({ target }) => put({ status: target.value })}
                >
                  <option value="">anyhow</option>
                  {ENDS.map((end) => (
                    <option key={end} value={end}>
                      {end}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            {area('Input', 'input', 5)}
            {area('Expected output', 'output', 5)}
            {area('Mocks', 'mocks', 6, 'by state, saved or written')}
            {area('Expected way', 'path', 6, 'states in order, one a line')}
            {area('Expected error', 'error', 1)}
            {area('Expected cause', 'cause', 1)}
          </div>
        }
      >
        Save test case
      </ConfirmForm>
    </Dialog>
  );
}
