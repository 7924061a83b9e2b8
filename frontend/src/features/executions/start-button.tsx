import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Play } from 'lucide-react';

import { startExecution, executionChanged } from '@/api/executions';
import { Button } from '@/ui/button';
import { toast } from '@/ui/feedback';

import { debuggedStart } from './debugger/debugged-start';

interface Start {
  input: string;
  name?: string;
  /** Under the debugger: it pauses before its first state. */
  debugging?: boolean;
}

/** Starts an execution and goes to its page. */
export function useStart(machine: string) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async ({ input, name, debugging }: Start) =>
      startExecution(machine, input, name, debugging ? await debuggedStart(machine) : undefined),
    onSuccess: async (execution) => {
      void executionChanged(queries, machine);
      await navigate({
        to: '/executions/$machine/$name',
        params: { machine: execution.stateMachineName, name: execution.name },
      });
    },
  });
}

/** One click: starts with the machine's sample input. */
export function StartButton({
  machine,
  sampleInput,
  primary = false,
}: {
  machine: string;
  sampleInput: string | null;
  primary?: boolean;
}) {
  const start = useStart(machine);
  return (
    <Button
      variant={primary ? 'primary' : 'secondary'}
      size={primary ? 'medium' : 'small'}
      disabled={start.isPending}
      data-testid="start-execution"
      data-machine={machine}
      title={sampleInput === null ? 'Start with {}' : 'Start with the sample input'}
      onClick={() =>
        start.mutate(
          { input: sampleInput ?? '{}' },
          { onError: ({ message }) => toast('error', message) },
        )
      }
    >
      <Play />
      Start
    </Button>
  );
}
