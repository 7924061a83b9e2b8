import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import { useState } from 'react';

import { stopExecution, executionChanged, type ExecutionKey } from '@/api/executions';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { TextField } from '@/ui/text-field';

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
            <TextField
              label="Error"
              note="optional"
              className="mono"
              maxLength={256}
              value={error}
              onChange={setError}
              testId="stop-error"
            />
            <TextField
              label="Cause"
              note="optional"
              className="prose"
              lines={3}
              maxLength={32_768}
              value={cause}
              onChange={setCause}
              testId="stop-cause"
            />
          </>
        }
      >
        <Square />
        Stop execution
      </ConfirmForm>
    </Dialog>
  );
}
