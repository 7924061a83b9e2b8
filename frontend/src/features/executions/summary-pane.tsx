import { Columns2 } from 'lucide-react';
import { memo, useState, type ReactNode } from 'react';

import type { Execution } from '@/api/executions';
import type { ExecutionModel } from '@/history/model';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { CopyButton } from '@/ui/feedback';
import { JsonView } from '@/ui/json-view';

import { ErrorText } from './attempts';
import { Pictures } from './pictures';
import { ExecutionLink } from './related-executions';

/** What the pane shows while no state is selected: the execution as a whole. */
export const SummaryPane = memo(function SummaryPane({
  execution,
  shown: model,
  debug,
}: {
  execution: Execution;
  shown: Pick<ExecutionModel, 'status' | 'input' | 'output' | 'error' | 'cause'>;
  /** What was done by whoever debugged it. */
  debug: ReactNode;
}) {
  const [wide, setWide] = useState(false);
  const failed = model.error !== null || model.cause !== null;
  const input = model.input ?? execution.input;
  return (
    <section className="pane" aria-label="Execution" data-testid="execution-summary">
      <h2 className="visually-hidden">Execution</h2>
      <div className="pane-body">
        {failed && (
          <div className="summary-error" data-status={model.status}>
            <ErrorText error={model.error} cause={model.cause} />
          </div>
        )}
        {model.output !== null && <Pictures text={model.output} />}
        {model.output !== null && (
          <div className="pane-tools">
            <Button
              variant="ghost"
              size="small"
              onClick={() => setWide(true)}
              data-testid="side-by-side"
            >
              <Columns2 />
              Side by side
            </Button>
          </div>
        )}
        <div className="summary-data">
          <div>
            <JsonView text={input} label="Execution input" />
            {model.output !== null && <JsonView text={model.output} label="Execution output" />}
          </div>
        </div>
        <dl className="facts">
          {execution.startedBy && (
            <div>
              <dt>Started by</dt>
              <dd>
                <ExecutionLink execution={execution.startedBy} testId="parent-execution" />
              </dd>
            </div>
          )}
          <div>
            <dt>ARN</dt>
            <dd>
              <code>{execution.executionArn}</code>
              <CopyButton text={execution.executionArn} label="Copy ARN" />
            </dd>
          </div>
          <div>
            <dt>Revision</dt>
            <dd>
              <code>{execution.revisionId}</code>
            </dd>
          </div>
        </dl>
        {debug}
        {wide && model.output !== null && (
          <Dialog open onClose={() => setWide(false)} title="Input and output" wide>
            <div className="side-by-side" data-testid="input-and-output">
              <JsonView text={input} label="Execution input" />
              <JsonView text={model.output} label="Execution output" />
            </div>
          </Dialog>
        )}
        <p className="muted pane-hint">Select a state to inspect its input, output and retries.</p>
      </div>
    </section>
  );
});
