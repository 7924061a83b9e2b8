import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Redo2 } from 'lucide-react';

import {
  redriveExecution,
  executionChanged,
  executionQuery,
  type ExecutionKey,
} from '@/api/executions';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

interface Props {
  execution: ExecutionKey;
  open: boolean;
  onClose: () => void;
}

/** Lets an unsuccessful execution go on from where it ended. */
export default function RedriveDialog({ execution, open, onClose }: Props) {
  const queries = useQueryClient();
  const redrive = useMutation({
    mutationFn: () => redriveExecution(execution),
    onSuccess: (redriven) => {
      onClose();
      queries.setQueryData(executionQuery(execution).queryKey, redriven);
      void executionChanged(queries, execution.machine);
    },
  });
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Redrive this execution?"
      description="It goes on from the states that it has not left, with the definition it began with. States that succeeded are not run again; a Task that failed is."
    >
      <ConfirmForm
        deed={redrive}
        onClose={onClose}
        keep="Leave it as it is"
        testId="redrive-submit"
      >
        <Redo2 />
        Redrive execution
      </ConfirmForm>
    </Dialog>
  );
}
