import { FileJson, Redo2, RotateCw, Square } from 'lucide-react';
import { memo, useState } from 'react';

import type { Execution } from '@/api/executions';
import type { ExecutionModel, ExecutionStatus } from '@/history/model';
import { Button } from '@/ui/button';
import { CopyButton } from '@/ui/feedback';
import { StatusPill } from '@/ui/status';
import { duration, TimeAgo, useNow } from '@/ui/time';

import { PausedBadge } from './debugger/paused-badge';
import { RecordTestButton } from './record-test-button';
import { DefinitionDialog, RedriveDialog, StartDialog, StopDialog } from './dialogs';

/** How long the execution has run: ticking while it does. */
function Duration({
  startedAt,
  endedAt,
  startDate,
  stopDate,
}: {
  /** As the events tell, in seconds. */
  startedAt: number | null;
  endedAt: number | null;
  startDate: string;
  /** When it ended, should the events not tell yet. */
  stopDate: string | null;
}) {
  const known = stopDate === null ? null : Date.parse(stopDate);
  const ended = endedAt === null ? known : endedAt * 1000;
  const now = useNow(ended === null, 100);
  const start = startedAt === null ? Date.parse(startDate) : startedAt * 1000;
  const end = ended ?? Math.max(now, start);
  return <span data-testid="execution-duration">{duration(end - start)}</span>;
}

interface Props {
  execution: Execution;
  /** As the page shows it, which may be how it was earlier. */
  shown: Pick<ExecutionModel, 'status' | 'startedAt' | 'endedAt'>;
  isPast: boolean;
  /** How it stands at present: what can be done depends on this. */
  status: ExecutionStatus;
  paused: Execution['paused'];
}

/** Name, status and time of an execution, and what can be done with it. */
export const ExecutionHeader = memo(function ExecutionHeader(props: Props) {
  const { execution, shown, isPast, status, paused } = props;
  const [dialog, setDialog] = useState<'start' | 'stop' | 'redrive' | 'definition' | null>(null);
  const close = () => setDialog(null);
  const machine = execution.stateMachineName;
  const running = status === 'RUNNING';
  const redrivable =
    !running && execution.status === status && execution.redriveStatusReason === null;
  const redrives = execution.redriveCount;
  return (
    <header className="page-header">
      <StatusPill status={isPast ? shown.status : status} testId="execution-status" />
      {running && <PausedBadge paused={paused} />}
      <h1 className="ellipsis mono" title={execution.name}>
        {execution.name}
      </h1>
      <CopyButton text={execution.name} label="Copy name" />
      <span className="page-facts muted">
        <Duration
          startedAt={shown.startedAt}
          endedAt={shown.endedAt}
          startDate={execution.startDate}
          stopDate={isPast || running ? null : execution.stopDate}
        />
        <span>
          started <TimeAgo at={execution.startDate} />
        </span>
        {redrives > 0 && execution.redriveDate !== null && (
          <span data-testid="redrives" data-count={redrives}>
            redriven {redrives > 1 && `${redrives} times, `}
            <TimeAgo at={execution.redriveDate} />
          </span>
        )}
      </span>
      <span className="page-actions">
        <Button
          variant="ghost"
          onClick={() => setDialog('definition')}
          data-testid="show-definition"
          title="The definition that this execution runs"
        >
          <FileJson />
          Definition
        </Button>
        {!running && <RecordTestButton execution={{ machine, name: execution.name }} />}
        {running && (
          <Button onClick={() => setDialog('stop')} data-testid="stop-execution">
            <Square />
            Stop
          </Button>
        )}
        {redrivable && (
          <Button onClick={() => setDialog('redrive')} data-testid="redrive-execution">
            <Redo2 />
            Redrive
          </Button>
        )}
        <Button
          variant={running ? 'secondary' : 'primary'}
          onClick={() => setDialog('start')}
          data-testid="start-again"
        >
          <RotateCw />
          Start again
        </Button>
      </span>
      <StartDialog
        machine={machine}
        input={execution.input}
        open={dialog === 'start'}
        onClose={close}
      />
      <DefinitionDialog execution={execution} open={dialog === 'definition'} onClose={close} />
      <RedriveDialog
        execution={{ machine, name: execution.name }}
        open={dialog === 'redrive'}
        onClose={close}
      />
      <StopDialog
        execution={{ machine, name: execution.name }}
        open={dialog === 'stop'}
        onClose={close}
      />
    </header>
  );
});
