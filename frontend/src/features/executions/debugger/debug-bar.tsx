import {
  ArrowDownToLine,
  ArrowUpFromLine,
  Bug,
  Crosshair,
  Pause,
  Play,
  Redo,
  Unplug,
} from 'lucide-react';
import { memo, useCallback, useState, type ReactNode } from 'react';

import type { DebuggerCommand, DebuggerView } from '@/api/debugger';
import type { State } from '@/asl/definition';
import { useShortcut } from '@/app/shortcuts';
import { Button } from '@/ui/button';
import { TimeAgo } from '@/ui/time';

import { ChildPicker } from './child-picker';
import { childrenOf } from './children';
import { placeOf } from './marks';
import type { Debugging } from './use-debugger';
import './debug-bar.css';

const plain = (event: KeyboardEvent) => !event.ctrlKey && !event.metaKey && !event.altKey;
const isContinue = (event: KeyboardEvent) => event.key === 'F8' && plain(event);
const isOver = (event: KeyboardEvent) => event.key === 'F10' && plain(event);
const isInto = (event: KeyboardEvent) => event.key === 'F11' && !event.shiftKey && plain(event);
const isOut = (event: KeyboardEvent) => event.key === 'F11' && event.shiftKey && plain(event);
const isBreakpoint = (event: KeyboardEvent) => event.key === 'F9' && plain(event);

const REASONS = {
  breakpoint: 'at a breakpoint of',
  target: 'run to here by',
  step: 'step of',
  pause: 'asked for by',
} as const;

/** What the bar says while nothing is paused. */
function idleWords({ isPausing, breakpoints }: DebuggerView): string {
  if (isPausing) return 'Pausing: each branch stops at its next state';
  const target = breakpoints.find(({ temporary }) => temporary);
  if (target) return `Running to ${target.state}`;
  const count = breakpoints.length;
  if (count === 0) return 'Nothing is paused. F9 sets a breakpoint at the selected state';
  return `${count} breakpoint${count > 1 ? 's' : ''}; nothing is paused`;
}

function Which({ debugging }: { debugging: Debugging }) {
  const { view, active, activate } = debugging;
  if (!active || !view) return null;
  const words = `Paused ${active.where}`;
  return (
    <span className="debug-where" data-testid="debug-where" data-state-name={active.state}>
      <strong>{words}</strong>
      {view.paused.length > 1 ? (
        <select
          className="input"
          aria-label="Which of the paused branches"
          data-testid="debug-which"
          value={active.at}
          onChange={({ target }) => activate(target.value)}
        >
          {view.paused.map((each) => (
            <option key={each.at} value={each.at}>
              {placeOf(each)}
            </option>
          ))}
        </select>
      ) : (
        <span className="ellipsis">{placeOf(active)}</span>
      )}
      <span className="muted">
        {REASONS[active.reason]} {active.by}, <TimeAgo at={active.since} />
      </span>
    </span>
  );
}

function Step({
  label,
  keys,
  ...rest
}: {
  label: string;
  keys: string;
  testId: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Button
      size="small"
      title={`${label} (${keys})`}
      aria-keyshortcuts={keys}
      data-testid={rest.testId}
      disabled={rest.disabled}
      onClick={rest.onClick}
    >
      {rest.children}
      {label}
    </Button>
  );
}

interface Props {
  debugging: Debugging;
  /** The selected state: what "run to here" means. */
  selected: string | null;
  stateOf: (name: string) => State | undefined;
  onToggleBreakpoint: (name: string) => void;
}

/** Above the graph of a running execution: where it is paused, and how it goes on. */
export default memo(function DebugBar(props: Props) {
  const { debugging, selected, stateOf, onToggleBreakpoint } = props;
  const { view, active, tell, isTelling, running } = debugging;
  const at = active?.at;
  const resume = useCallback(
    (more: Omit<DebuggerCommand, 'command'>) => {
      if (at !== undefined) tell({ command: 'resume', at, ...more });
    },
    [at, tell],
  );
  const goOn = useCallback(() => resume({}), [resume]);
  const over = useCallback(() => resume({ pace: 'over' }), [resume]);
  // Of the pause it was chosen at, and no other.
  const [chosen, setChosen] = useState<{ at: string; child: number } | null>(null);
  const child = chosen?.at === at ? (chosen?.child ?? 0) : 0;
  const into = useCallback(() => resume({ pace: 'into', child }), [resume, child]);
  const out = useCallback(() => resume({ pace: 'out' }), [resume]);
  const toggle = useCallback(() => {
    if (selected !== null) onToggleBreakpoint(selected);
  }, [selected, onToggleBreakpoint]);
  useShortcut(isContinue, goOn);
  useShortcut(isOver, over);
  useShortcut(isInto, into);
  useShortcut(isOut, out);
  useShortcut(isBreakpoint, toggle);
  if (!running) return null;
  // Its place is kept: what stands below must not move under the hand.
  if (!view) return <div className="debug-bar" data-paused="0" aria-busy="true" />;

  const idle = active === null;
  const disabled = idle || isTelling;
  const several = view.paused.length > 1;
  const children = active?.where === 'before' ? childrenOf(stateOf(active.state)) : null;
  return (
    <section
      className="debug-bar"
      aria-label="Debugger"
      data-testid="debug-bar"
      data-paused={view.paused.length}
    >
      <Bug aria-hidden="true" className="debug-sign" />
      <span className="debug-status" aria-live="polite">
        {idle ? (
          <span className="muted" data-testid="debug-idle">
            {idleWords(view)}
          </span>
        ) : (
          <Which debugging={debugging} />
        )}
      </span>
      <span className="debug-actions" role="toolbar" aria-label="Go on">
        {!idle && (
          <>
            <Step
              label="Continue"
              keys="F8"
              testId="debug-continue"
              {...{ disabled }}
              onClick={goOn}
            >
              <Play />
            </Step>
            <Step label="Over" keys="F10" testId="debug-over" {...{ disabled }} onClick={over}>
              <Redo />
            </Step>
            <span className="debug-into">
              <Step label="Into" keys="F11" testId="debug-into" {...{ disabled }} onClick={into}>
                <ArrowDownToLine />
              </Step>
              {children && (
                <ChildPicker
                  key={active.at}
                  of={children}
                  state={active.state}
                  child={child}
                  onChoose={(next) => setChosen({ at: active.at, child: next })}
                  onGo={into}
                />
              )}
            </span>
            <Step label="Out" keys="Shift+F11" testId="debug-out" {...{ disabled }} onClick={out}>
              <ArrowUpFromLine />
            </Step>
            {selected !== null && selected !== active.state && (
              <Button
                size="small"
                disabled={disabled}
                data-testid="debug-run-to"
                title={`Go on up to ${selected}`}
                onClick={() => resume({ target: selected })}
              >
                <Crosshair />
                Run to here
              </Button>
            )}
          </>
        )}
        <Button
          size="small"
          disabled={isTelling || view.isPausing}
          data-testid="debug-pause"
          title="Every branch pauses at the next state it gets to"
          onClick={() => tell({ command: 'pause' })}
        >
          <Pause />
          Pause all
        </Button>
        {several && (
          <Button
            size="small"
            disabled={isTelling}
            data-testid="debug-continue-all"
            onClick={() => tell({ command: 'resume' })}
          >
            <Play />
            Continue all
          </Button>
        )}
        {(view.breakpoints.length > 0 || !idle) && (
          <Button
            size="small"
            variant="ghost"
            disabled={isTelling}
            data-testid="debug-detach"
            title="Remove all breakpoints and let everything go on"
            onClick={() => tell({ command: 'detach' })}
          >
            <Unplug />
            Detach
          </Button>
        )}
      </span>
      {active?.problem != null && (
        <p className="debug-problem" role="alert">
          The breakpoint’s condition could not be evaluated: {active.problem}
        </p>
      )}
    </section>
  );
});
