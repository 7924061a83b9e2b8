import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import { useState } from 'react';

import { stopExecution, executionChanged, type ExecutionKey } from '@/api/executions';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

import { StopFields, type StopReason } from './stop-fields';

interface Props {
  execution: ExecutionKey;
  open: boolean;
  onClose: () => void;
}

/** Stops a running execution, with an error and a cause for those who read its history. */
export default function StopDialog({ execution, open, onClose }: Props) {
  const queries = useQueryClient();
  const [reason, setReason] = useState<StopReason>({ error: '', cause: '' });
  const stop = useMutation({
    mutationFn: () => stopExecution(execution, reason.error.trim(), reason.cause.trim()),
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
        fields={<StopFields reason={reason} onChange={setReason} />}
      >
        <Square />
        Stop execution
      </ConfirmForm>
    </Dialog>
  );
}
