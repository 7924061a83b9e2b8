import { Bug } from 'lucide-react';

import { Button } from '@/ui/button';
import { toast } from '@/ui/feedback';

import { useStart } from '../start-button';

/** Starts with the sample input, paused before the first state. */
export function DebugStartButton({
  machine,
  sampleInput,
}: {
  machine: string;
  sampleInput: string | null;
}) {
  const start = useStart(machine);
  return (
    <Button
      disabled={start.isPending}
      data-testid="start-under-debugger"
      title="Start under the debugger: it pauses before the first state, and at your breakpoints"
      onClick={() =>
        start.mutate(
          { input: sampleInput ?? '{}', debugging: true },
          { onError: ({ message }) => toast('error', message) },
        )
      }
    >
      <Bug />
      Debug
    </Button>
  );
}
