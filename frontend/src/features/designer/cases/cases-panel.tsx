import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, Eye, LoaderCircle, Pencil, Play, Plus, Trash2, X } from 'lucide-react';
import { useEffect, useState } from 'react';

import { deleteTest, type TestCase, type WorkflowTest } from '@/api/test-cases';
import { Button, IconButton } from '@/ui/button';
import { toast } from '@/ui/feedback';

import { useEditor, useEditorStore } from '../editor-store';
import { useTrial } from '../trial/trial-store';
import { CaseDialog } from './case-dialog';
import { CaseResult } from './case-result';
import { casesKey, runCases, useCaseRuns, useCases, type CaseRun } from './case-runs';
import '../trial/trial.css';
import './cases.css';

const NEW: TestCase = { name: '', input: '{}', mocks: {}, expectedStatus: 'SUCCEEDED' };

/** What a test expects, in a few words. */
function expectationOf(test: WorkflowTest): string {
  const { expectedStatus, expectedError, expectedOutput, expectedPath } = test;
  const parts = [
    expectedStatus == null ? 'ends anyhow' : `ends ${expectedStatus.toLowerCase()}`,
    expectedError != null && `with ${expectedError}`,
    expectedOutput != null && 'with its output',
    expectedPath != null && `by ${expectedPath.length} states`,
  ];
  return parts.filter((each) => each !== false).join(' ');
}

function Verdict({ run, changed }: { run: CaseRun | undefined; changed: boolean }) {
  if (!run) return <span className="muted">not run yet</span>;
  if (run.state === 'running') {
    return (
      <span className="muted">
        <LoaderCircle aria-hidden="true" /> running
      </span>
    );
  }
  if (run.state === 'failed') return <span className="field-error">{run.message}</span>;
  const { passed, stop } = run.run;
  return (
    <span className={passed ? 'case-passed' : 'case-failed'}>
      {passed ? <Check aria-hidden="true" /> : <X aria-hidden="true" />}
      {passed ? 'passed' : stop === null ? 'failed' : 'did not end'}
      {changed && <span className="muted">, before the last change</span>}
    </span>
  );
}

const verdictOf = (run: CaseRun | undefined) =>
  run?.state === 'done' ? (run.run.passed ? 'passed' : 'failed') : (run?.state ?? 'none');

/** The saved tests of the state machine, run on the draft as it is now. */
export default function CasesPanel({ machine }: { machine: string }) {
  const queries = useQueryClient();
  const editor = useEditorStore();
  const broken = useEditor(({ document }) => document.broken);
  const definition = useEditor(({ document }) => document.definition);
  const { data: tests, error } = useCases(machine);
  const runs = useCaseRuns((state) => (state.machine === machine ? state.runs : {}));
  const [edited, setEdited] = useState<WorkflowTest | TestCase | null>(null);
  const [leaving, setLeaving] = useState<number | null>(null);
  useEffect(() => useCaseRuns.getState().open(machine), [machine]);
  const current = JSON.stringify(definition);
  const busy = Object.values(runs).some(({ state }) => state === 'running');
  const passed = tests?.filter(({ id }) => verdictOf(runs[id]) === 'passed').length ?? 0;
  const failed = tests?.filter(({ id }) => verdictOf(runs[id]) === 'failed').length ?? 0;

  const run = (wanted: WorkflowTest[]) =>
    void runCases(machine, JSON.stringify(editor.getState().document.definition), wanted);
  const remove = useMutation({
    mutationFn: (test: WorkflowTest) => deleteTest(machine, test),
    onSuccess: () => queries.invalidateQueries({ queryKey: casesKey(machine) }),
    onError: ({ message }) => toast('error', message),
    onSettled: () => setLeaving(null),
  });

  return (
    <div className="cases" data-testid="cases-panel">
      <div className="run-bar">
        <Button
          size="small"
          disabled={busy || broken !== null || !tests?.length}
          data-testid="run-cases"
          onClick={() => tests && run(tests)}
        >
          <Play />
          Run all
        </Button>
        <Button size="small" variant="ghost" data-testid="new-case" onClick={() => setEdited(NEW)}>
          <Plus />
          New test case
        </Button>
        <span
          className="run-words"
          role="status"
          data-testid="cases-summary"
          data-passed={passed}
          data-failed={failed}
        >
          {passed + failed > 0 && `${passed} passed, ${failed} failed`}
        </span>
      </div>
      {error && (
        <p className="field-error trial-failure" role="alert">
          {error.message}
        </p>
      )}
      {tests?.length === 0 && (
        <p className="muted trial-failure">
          No test cases yet. Save a run of the draft as one (Data), or a finished execution on its
          page; <code>manage.py test_workflows</code> runs them where nobody looks.
        </p>
      )}
      <ul className="case-list">
        {tests?.map((test) => {
          const known = runs[test.id];
          const done = known?.state === 'done' ? known : null;
          return (
            <li
              key={test.id}
              data-testid="case-row"
              data-case={test.name}
              data-verdict={verdictOf(known)}
            >
              <div className="case-line">
                <strong className="ellipsis" title={test.name}>
                  {test.name}
                </strong>
                <span className="muted ellipsis case-expects">{expectationOf(test)}</span>
                <Verdict
                  run={known}
                  changed={
                    done !== null &&
                    (done.definition !== current || done.sequence !== test.sequence)
                  }
                />
                <span className="case-tools">
                  {leaving === test.id ? (
                    <>
                      <Button
                        size="small"
                        variant="danger"
                        disabled={remove.isPending}
                        data-testid="case-delete-sure"
                        onClick={() => remove.mutate(test)}
                      >
                        Delete it
                      </Button>
                      <Button size="small" onClick={() => setLeaving(null)}>
                        Keep it
                      </Button>
                    </>
                  ) : (
                    <>
                      {done && (
                        <IconButton
                          label={`Show on the canvas how ${test.name} went`}
                          onClick={() => {
                            useTrial.getState().open(machine);
                            useTrial.getState().show(done.run);
                          }}
                        >
                          <Eye />
                        </IconButton>
                      )}
                      <IconButton
                        label={`Run ${test.name}`}
                        disabled={busy || broken !== null}
                        data-testid="case-run"
                        onClick={() => run([test])}
                      >
                        <Play />
                      </IconButton>
                      <IconButton
                        label={`Edit ${test.name}`}
                        data-testid="case-edit"
                        onClick={() => setEdited(test)}
                      >
                        <Pencil />
                      </IconButton>
                      <IconButton
                        label={`Delete ${test.name}`}
                        data-testid="case-delete"
                        onClick={() => setLeaving(test.id)}
                      >
                        <Trash2 />
                      </IconButton>
                    </>
                  )}
                </span>
              </div>
              {done && !done.run.passed && <CaseResult run={done.run} />}
            </li>
          );
        })}
      </ul>
      {edited && <CaseDialog machine={machine} test={edited} onClose={() => setEdited(null)} />}
    </div>
  );
}
