import { useMutation } from '@tanstack/react-query';
import { FilePlus2, Play, SkipForward, X } from 'lucide-react';
import { useState } from 'react';

import type { TestCase } from '@/api/test-cases';
import { runTest } from '@/api/trials';
import { useBreakpoints } from '@/features/executions/debugger/kept-breakpoints';
import { Button } from '@/ui/button';
import { toast } from '@/ui/feedback';
import { StatusPill } from '@/ui/status';

import { CaseDialog } from '../cases/case-dialog';
import { caseOfRun } from '../cases/case-text';
import { useEditor, useEditorStore } from '../editor-store';
import { EMPTY, responseOf } from './mocks';
import { nextPause } from './pauses';
import { useRunInput } from './run-input';
import { useTrial } from './trial-store';
import { useMissingMock } from './use-run-view';

/** What is chosen for the states, as a test has it. */
function chosenMocks(): NonNullable<TestCase['mocks']> {
  const chosen = Object.entries(useTrial.getState().mocks).flatMap(([state, choice]) => {
    if (choice.kind === 'none') return [];
    const given = choice.kind === 'saved' ? choice.name : responseOf(choice.given);
    return given === null ? [] : [[state, given] as const];
  });
  return Object.fromEntries(chosen);
}

/** Runs the whole draft in memory on the mocks that are chosen; the canvas shows how it went. */
export function RunBar({ machine }: { machine: string }) {
  const editor = useEditorStore();
  const broken = useEditor(({ document }) => document.broken);
  const { run, pause, given } = useTrial();
  const { show, mock } = useTrial.getState();
  const input = useRunInput();
  const { breakpoints = [] } = useBreakpoints(machine);
  const missing = useMissingMock(machine);
  const [saved, setSaved] = useState<TestCase | null>(null);
  const start = useMutation({
    mutationFn: async () => {
      const used = { input, mocks: chosenMocks() };
      const { definition } = editor.getState().document;
      const done = await runTest(machine, JSON.stringify(definition), used.input, used.mocks);
      return { done, used };
    },
    onSuccess: ({ done, used }) => show(done, nextPause(done.events, breakpoints, 0), used),
    onError: (error) => toast('error', error.message),
  });
  const makeMock = (state: string) => {
    mock(state, { kind: 'typed', given: EMPTY });
    editor.getState().select([state]);
    // The field is there with the next frame.
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>('[data-testid=mock-result]')?.focus(),
    );
  };
  return (
    <div className="run-bar">
      <Button
        size="small"
        disabled={start.isPending || broken !== null}
        data-testid="run-draft"
        onClick={() => start.mutate()}
      >
        <Play />
        Run the draft
      </Button>
      {run && (
        <>
          <span
            data-testid="draft-run"
            data-status={pause ? 'PAUSED' : run.status}
            data-stop={run.stop?.reason}
          >
            {pause ? 'Paused' : run.stop === null ? <StatusPill status={run.status} /> : 'Stopped'}
          </span>
          <span className="run-words">
            {pause
              ? `${pause.where} ${pause.state}, at your breakpoint`
              : (run.stop?.message ??
                (run.error === null
                  ? `${run.path.length} states entered`
                  : `${run.error}${run.cause ? `: ${run.cause}` : ''}`))}
          </span>
          {pause && (
            <Button
              size="small"
              data-testid="continue-run"
              onClick={() => show(run, nextPause(run.events, breakpoints, pause.shown), given)}
            >
              <SkipForward />
              Continue
            </Button>
          )}
          {missing !== null && (
            <Button
              size="small"
              variant="primary"
              data-testid="make-mock"
              onClick={() => makeMock(missing)}
            >
              Say what {missing} gives
            </Button>
          )}
          {given && pause === null && run.stop === null && (
            <Button
              size="small"
              data-testid="save-run"
              title="A test case that expects this end"
              onClick={() => setSaved(caseOfRun('', run, given))}
            >
              <FilePlus2 />
              Save as a test case
            </Button>
          )}
          <Button size="small" variant="ghost" data-testid="clear-run" onClick={() => show(null)}>
            <X />
            Clear the canvas
          </Button>
        </>
      )}
      {saved && <CaseDialog machine={machine} test={saved} onClose={() => setSaved(null)} />}
    </div>
  );
}
