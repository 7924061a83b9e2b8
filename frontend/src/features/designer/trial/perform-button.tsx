import { useMutation } from '@tanstack/react-query';
import { Zap } from 'lucide-react';
import { useState } from 'react';

import { testState } from '@/api/trials';
import { Button } from '@/ui/button';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

import { useEditorStore } from '../editor-store';
import { useTrial } from './trial-store';

/**
 * Performs a state's work once, for real. What it gave is from then on what its work is said to
 * give, so that everything after it can be tried without calling anything again.
 */
export function PerformButton({ state, input }: { state: string; input: string }) {
  const editor = useEditorStore();
  const [asking, setAsking] = useState(false);
  const perform = useMutation({
    mutationFn: () => {
      const definition = JSON.stringify(editor.getState().document.definition);
      const body = { definition, stateName: state, input, perform: true };
      return testState(body, new AbortController().signal);
    },
    onSuccess: ({ error, cause, inspectionData: { result } }) => {
      const given =
        error === null || result !== undefined
          ? { kind: 'result' as const, result: result ?? 'null' }
          : { kind: 'error' as const, error, cause: cause ?? '' };
      useTrial.getState().mock(state, { kind: 'typed', given });
      setAsking(false);
    },
  });
  return (
    <>
      <Button size="small" data-testid="perform" onClick={() => setAsking(true)}>
        <Zap />
        Perform it for real…
      </Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Really perform ${state}?`}
        description="What it calls is called now, once, with this input and this server’s rights: money may be spent, mail sent, data changed. Nothing undoes it. No execution is started."
      >
        <ConfirmForm
          danger
          deed={perform}
          onClose={() => setAsking(false)}
          keep="Do not call it"
          testId="perform-submit"
        >
          <Zap />
          Perform it
        </ConfirmForm>
      </Dialog>
    </>
  );
}
