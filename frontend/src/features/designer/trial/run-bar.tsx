import { useMutation } from '@tanstack/react-query';
import { Play, X } from 'lucide-react';

import { runTest } from '@/api/client';
import { Button } from '@/ui/button';
import { toast } from '@/ui/feedback';
import { StatusPill } from '@/ui/status';

import { useEditor, useEditorStore } from '../editor-store';
import { responseOf } from './mocks';
import { useTrial } from './trial-store';

/** Runs the whole draft in memory on the mocks that are chosen; the canvas shows how it went. */
export function RunBar({ machine }: { machine: string }) {
  const editor = useEditorStore();
  const broken = useEditor(({ document }) => document.broken);
  const run = useTrial((state) => state.run);
  const start = useMutation({
    mutationFn: () => {
      const { input, mocks } = useTrial.getState();
      const chosen = Object.entries(mocks).flatMap(([state, choice]) => {
        if (choice.kind === 'none') return [];
        const given = choice.kind === 'saved' ? choice.name : responseOf(choice.given);
        return given === null ? [] : [[state, given] as const];
      });
      const { definition } = editor.getState().document;
      return runTest(machine, JSON.stringify(definition), input, Object.fromEntries(chosen));
    },
    onSuccess: (done) => useTrial.setState({ run: done }),
    onError: (error) => toast('error', error.message),
  });
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
          <span data-testid="draft-run" data-status={run.status} data-stop={run.stop?.reason}>
            {run.stop === null ? <StatusPill status={run.status} /> : 'Stopped'}
          </span>
          <span className="run-words">
            {run.stop?.message ??
              (run.error === null
                ? `${run.path.length} states entered`
                : `${run.error}${run.cause ? `: ${run.cause}` : ''}`)}
          </span>
          <Button
            size="small"
            variant="ghost"
            data-testid="clear-run"
            onClick={() => useTrial.setState({ run: null })}
          >
            <X />
            Clear the canvas
          </Button>
        </>
      )}
    </div>
  );
}
