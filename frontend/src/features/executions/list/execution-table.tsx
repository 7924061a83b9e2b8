import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef, type ReactNode, type RefObject } from 'react';

import type { ExecutionSummary } from '@/api/executions';
import { PausedBadge } from '@/features/executions/debugger/paused-badge';
import { StatusPill } from '@/ui/status';
import { duration, TimeAgo, useNow } from '@/ui/time';

const ROW = 36;
type Chosen = ReadonlyMap<string, ExecutionSummary>;

/** What started it: an alias and its version, a version, or nothing but the state machine. */
function startedBy({ stateMachineVersion: version, stateMachineAlias: alias }: ExecutionSummary) {
  if (version === null) return '';
  return alias === null ? `version ${version}` : `${alias} (${version})`;
}

const Row = memo(function Row({
  execution,
  index,
  top,
  chosen,
  isLate,
  now,
  onToggle,
}: {
  execution: ExecutionSummary;
  index: number;
  top: number;
  chosen: boolean;
  isLate: boolean;
  /** Zero where it has ended: then nothing in the row moves. */
  now: number;
  onToggle: (index: number, range: boolean) => void;
}) {
  const { name, stateMachineName: machine, status, startDate, stopDate } = execution;
  const end = stopDate === null ? now : Date.parse(stopDate);
  return (
    <div
      className="found-row"
      role="row"
      aria-rowindex={index + 2}
      data-testid="found-row"
      data-name={name}
      data-machine={machine}
      data-status={status}
      data-chosen={chosen || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell">
        <input
          type="checkbox"
          aria-label={`Choose ${name}`}
          checked={chosen}
          disabled={isLate}
          onChange={({ nativeEvent }) =>
            onToggle(index, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
          }
        />
      </span>
      <span role="cell">
        <StatusPill status={status} />
      </span>
      <span role="cell" className="found-name">
        <Link to="/executions/$machine/$name" params={{ machine, name }} className="mono">
          {name}
        </Link>
        <PausedBadge paused={execution.paused} />
      </span>
      <span role="cell">
        <Link to="/state-machines/$name" params={{ name: machine }} className="quiet">
          {machine}
        </Link>
      </span>
      <span role="cell" className="muted">
        {startedBy(execution)}
      </span>
      <span role="cell" className="muted">
        <TimeAgo at={startDate} />
      </span>
      <span role="cell" className="number">
        {duration(Math.max(0, end - Date.parse(startDate)))}
      </span>
      <span role="cell" className="number muted">
        {execution.lastEventId.toLocaleString('en')}
      </span>
      <span role="cell" className="found-error mono" title={execution.error ?? undefined}>
        {execution.error}
        {execution.redriveCount > 0 && (
          <span className="redriven">redriven {execution.redriveCount}×</span>
        )}
      </span>
    </div>
  );
});

interface Props {
  executions: readonly ExecutionSummary[];
  /** These are what the filter before let through: nothing is to be chosen of them. */
  isLate: boolean;
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
  /** The end of the list has come into sight. */
  onEnd: () => void;
  foot: ReactNode;
  /** What scrolls: where the keyboard goes when nothing is chosen any more. */
  box: RefObject<HTMLDivElement | null>;
}

/** Executions as rows; as many in the page as fit on the screen. */
export function ExecutionTable(props: Props) {
  const { executions, isLate, chosen, onChoose, onEnd, foot, box } = props;
  const anchor = useRef(0);
  const now = useNow(executions.some(({ stopDate }) => stopDate === null));
  // The compiler's memoisation does not suit the virtualizer's mutable result; nothing relies on it.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: executions.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 10,
    scrollMargin: ROW,
    initialRect: { width: 1200, height: 700 },
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const full = executions.length > 0 && last >= executions.length - 5;
  const scrolled = (rows.scrollOffset ?? 0) > 0;
  useEffect(() => {
    if (full && scrolled) onEnd();
  }, [full, scrolled, onEnd]);

  const choose = (index: number, range: boolean) => {
    const next = new Map(chosen);
    const execution = executions[index];
    if (!execution) return;
    if (range) {
      const [from, to] = [Math.min(anchor.current, index), Math.max(anchor.current, index)];
      for (const each of executions.slice(from, to + 1)) next.set(each.executionArn, each);
    } else if (!next.delete(execution.executionArn)) next.set(execution.executionArn, execution);
    anchor.current = index;
    onChoose(next);
  };
  const all = executions.length > 0 && executions.every((each) => chosen.has(each.executionArn));

  return (
    <div
      className="found"
      role="group"
      aria-label="List of executions"
      ref={box}
      data-testid="found"
      data-loaded={executions.length}
      aria-busy={isLate}
      // A region that scrolls must be reachable with the keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <div role="table" aria-label="Executions" aria-rowcount={executions.length + 1}>
        <div role="rowgroup">
          <div className="found-heading" role="row">
            <span role="columnheader">
              <input
                type="checkbox"
                aria-label="Choose all that are listed"
                data-testid="choose-all"
                disabled={isLate}
                checked={all}
                ref={(input) => {
                  if (input) input.indeterminate = !all && chosen.size > 0;
                }}
                onChange={() =>
                  onChoose(
                    all ? new Map() : new Map(executions.map((each) => [each.executionArn, each])),
                  )
                }
              />
            </span>
            <span role="columnheader">Status</span>
            <span role="columnheader">Name</span>
            <span role="columnheader">State machine</span>
            <span role="columnheader">Started by</span>
            <span role="columnheader">Started</span>
            <span role="columnheader" className="number">
              Duration
            </span>
            <span role="columnheader" className="number">
              Events
            </span>
            <span role="columnheader">Error</span>
          </div>
        </div>
        <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const execution = executions[index];
            if (!execution) return null;
            return (
              <Row
                key={execution.executionArn}
                execution={execution}
                index={index}
                top={start - ROW}
                chosen={chosen.has(execution.executionArn)}
                isLate={isLate}
                now={execution.stopDate === null ? now : 0}
                onToggle={choose}
              />
            );
          })}
        </div>
      </div>
      {foot}
    </div>
  );
}
