import { useQueryClient } from '@tanstack/react-query';
import { Check, CircleSlash, LoaderCircle, Redo2, RotateCw, Square, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import {
  redriveExecution,
  stopExecution,
  executionChanged,
  type ExecutionSummary,
} from '@/api/executions';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';

import { StopFields, type StopReason } from '../stop-fields';
import { doToAll, redriving, stopping, type Outcome } from './bulk';

export type BulkKind = 'stop' | 'redrive';

const keyOf = ({ stateMachineName: machine, name }: ExecutionSummary) => ({ machine, name });

const WORDS = {
  stop: {
    title: (n: number) => `Stop ${n === 1 ? 'this execution' : `${n} executions`}?`,
    description:
      'Nothing further is started in them. Work that is already under way outside is not undone.',
    go: 'Stop them',
    icon: Square,
    variant: 'danger',
    bulk: ({ error, cause }: StopReason) =>
      stopping((each) => stopExecution(keyOf(each), error.trim(), cause.trim())),
  },
  redrive: {
    title: (n: number) => `Redrive ${n === 1 ? 'this execution' : `${n} executions`}?`,
    description:
      'Each goes on from the states that it has not left, with the definition it began with.',
    go: 'Redrive them',
    icon: Redo2,
    variant: 'primary',
    bulk: () => redriving((each) => redriveExecution(keyOf(each))),
  },
} as const;

function Sign({ outcome }: { outcome: Outcome | undefined }) {
  if (outcome === undefined || outcome.state === 'waiting') return <span className="bulk-sign" />;
  const Icon = { working: LoaderCircle, done: Check, passed: CircleSlash, failed: X }[
    outcome.state
  ];
  return (
    <span className="bulk-sign" data-outcome={outcome.state}>
      <Icon aria-hidden="true" />
    </span>
  );
}

/** Asks, does it, and says of each execution what became of it. */
export default function BulkDialog({
  kind,
  executions,
  onClose,
}: {
  kind: BulkKind;
  executions: readonly ExecutionSummary[];
  /** `hasBegun`: it is not as if nothing had been asked. */
  onClose: (hasBegun: boolean) => void;
}) {
  const { title, description, go, icon: Icon, variant } = WORDS[kind];
  const [reason, setReason] = useState<StopReason>({ error: '', cause: '' });
  const bulk = WORDS[kind].bulk(reason);
  const meant = executions.filter((each) => bulk.excuse(each) === null).length;
  const queries = useQueryClient();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [phase, setPhase] = useState<'asking' | 'working' | 'over'>('asking');
  const off = useRef<AbortController>(null);
  useEffect(() => () => off.current?.abort(), []);

  const run = async (which = executions) => {
    setPhase('working');
    const controller = new AbortController();
    off.current = controller;
    await doToAll(
      which,
      bulk,
      (arn, outcome) => setOutcomes((before) => new Map(before).set(arn, outcome)),
      controller.signal,
    );
    setPhase('over');
    const machines = new Set(executions.map(({ stateMachineName }) => stateMachineName));
    await Promise.all([...machines].map((machine) => executionChanged(queries, machine)));
  };
  const close = () => onClose(phase !== 'asking');
  const of = (state: Outcome['state']) =>
    [...outcomes.values()].filter((each) => each.state === state).length;
  const failed = executions.filter(
    ({ executionArn }) => outcomes.get(executionArn)?.state === 'failed',
  );
  const summary = [
    `${of('done')} done`,
    ...(of('passed') > 0 ? [`${of('passed')} passed over`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
  ].join(', ');

  return (
    <Dialog
      open
      onClose={close}
      title={phase === 'asking' ? title(meant) : `${go.split(' ')[0]}: ${summary}`}
      description={description}
      wide
    >
      {/* A region that scrolls must be reachable with the keyboard. */}
      {/* eslint-disable jsx-a11y/no-noninteractive-tabindex */}
      <ul
        className="bulk-list"
        data-testid="bulk-list"
        aria-live="polite"
        aria-label="The executions"
        tabIndex={0}
      >
        {/* eslint-enable jsx-a11y/no-noninteractive-tabindex */}
        {executions.map((execution) => {
          const outcome = outcomes.get(execution.executionArn);
          const excuse = bulk.excuse(execution);
          return (
            <li
              key={execution.executionArn}
              data-testid="bulk-row"
              data-name={execution.name}
              data-outcome={outcome?.state ?? 'waiting'}
            >
              <Sign outcome={outcome} />
              <span className="ellipsis">
                <span className="muted">{execution.stateMachineName} </span>
                <span className="mono">{execution.name}</span>
              </span>
              <span className="bulk-says" data-outcome={outcome?.state}>
                {outcome && 'says' in outcome
                  ? outcome.says
                  : phase === 'asking' && excuse !== null
                    ? `will be passed over: ${excuse}`
                    : ''}
              </span>
            </li>
          );
        })}
      </ul>
      {kind === 'stop' && phase === 'asking' && <StopFields reason={reason} onChange={setReason} />}
      <div className="dialog-actions">
        {phase === 'over' ? (
          <>
            {failed.length > 0 && (
              <Button onClick={() => void run(failed)} data-testid="bulk-again">
                <RotateCw />
                Try those that failed again
              </Button>
            )}
            <Button variant="primary" onClick={close} data-testid="bulk-close">
              Close
            </Button>
          </>
        ) : (
          <>
            <Button onClick={close}>{phase === 'working' ? 'Leave the rest' : 'Cancel'}</Button>
            <Button
              variant={variant}
              disabled={phase === 'working' || meant === 0}
              onClick={() => void run()}
              data-testid="bulk-submit"
            >
              <Icon />
              {go}
            </Button>
          </>
        )}
      </div>
    </Dialog>
  );
}
