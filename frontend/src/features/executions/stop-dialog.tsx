import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import { useId, useState } from 'react';

import { stopExecution, executionChanged, type ExecutionKey } from '@/api/executions';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

interface Props {
  execution: ExecutionKey;
  open: boolean;
  onClose: () => void;
}

/** Stops a running execution, with an error and a cause for those who read its history. */
export default function StopDialog({ execution, open, onClose }: Props) {
  const queries = useQueryClient();
  const [error, setError] = useState('');
  const [cause, setCause] = useState('');
  const ids = { error: useId(), cause: useId() };
  const stop = useMutation({
    mutationFn: () => stopExecution(execution, error.trim(), cause.trim()),
    onSuccess: () => {
      onClose();
      void executionChanged(queries, execution.machine);
    },
  });
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Stop this execution?"
      description="Nothing further is started. Work that is already under way outside is not undone."
    >
      <ConfirmForm
        deed={stop}
        onClose={onClose}
        keep="Keep it running"
        testId="stop-submit"
        danger
        fields={
          <>
            <label className="field" htmlFor={ids.error}>
              <span className="field-label">
                Error <small>optional</small>
              </span>
              <input
                id={ids.error}
                className="input mono"
                maxLength={256}
                data-testid="stop-error"
                value={error}
                onChange={({ target }) => setError(target.value)}
              />
            </label>
            <label className="field" htmlFor={ids.cause}>
              <span className="field-label">
                Cause <small>optional</small>
              </span>
              <textarea
                id={ids.cause}
                className="input"
                rows={3}
                maxLength={32_768}
                data-testid="stop-cause"
                value={cause}
                onChange={({ target }) => setCause(target.value)}
              />
            </label>
          </>
        }
      >
        <Square />
        Stop execution
      </ConfirmForm>
    </Dialog>
  );
}
