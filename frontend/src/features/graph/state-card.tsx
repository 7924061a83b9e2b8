import { MessageSquare, RotateCw } from 'lucide-react';
import { memo, useState, type CSSProperties } from 'react';

import type { State } from '@/asl/definition';
import type { PlacedDot, PlacedState } from '@/asl/layout/graph-layout';
import { isDistributed, summaryOf } from '@/asl/summaries';
import { firstDue, type RetryDue } from '@/history/retry';
import type { StateView } from '@/history/view';
import { statusWord } from '@/ui/status';
import { useNow } from '@/ui/time';

import { BreakpointDot } from './breakpoint-dot';
import { CHANGE_SIGNS, useGraph, useStateView, useTaken } from './graph-store';
import { CardGlyph, CardIcon } from './graph-symbols';
import { useHeaderInset } from './header-inset';
import { MapIterations } from './map-iterations';
import { COUNTED_MS, untilDue } from './until-due';
import './state-card.css';

/** "3" beside a glyph when a state stands for several iterations at once. */
function total(view: StateView | undefined): number {
  return view ? Object.values(view.counts).reduce((sum, each) => sum + each, 0) : 0;
}

/** When the work of a state is tried again, counting down. */
function NextAttempt({ due }: { due: RetryDue }) {
  return (
    <span data-testid="card-retry-due">retries {untilDue(due, useNow(true, COUNTED_MS))}</span>
  );
}

/** What a state does, or what it waits for where that says more. */
function Summary({ state, view }: { state: State; view: StateView | undefined }) {
  const { Retry: retriers = [] } = state;
  if (view && view.retrying.length > 0 && retriers.length > 0) {
    const due = firstDue(view.retrying, retriers);
    return due ? <NextAttempt due={due} /> : 'waiting to retry';
  }
  return view?.unclaimed ? 'waiting for a worker' : summaryOf(state);
}

/** How many problems a state of an unfinished definition has. */
function NoteMark({ name }: { name: string }) {
  const note = useGraph((graph) => graph.notes.get(name));
  if (!note) return null;
  const noun = note.severity === 'ERROR' ? 'error' : 'warning';
  return (
    <span className="card-note" data-severity={note.severity} title={note.first}>
      {note.severity === 'ERROR' ? '✕' : '!'}
      {note.count > 1 && ` ${note.count}`}
      <span className="visually-hidden">{` ${noun}${note.count > 1 ? 's' : ''}`}</span>
    </span>
  );
}

/** What became of a state between the two definitions that are compared. */
function ChangeSign({ name }: { name: string }) {
  const change = useGraph((graph) => graph.changes.get(name));
  if (!change) return null;
  return (
    <span className="card-change" title={change.text}>
      <span aria-hidden="true">{CHANGE_SIGNS[change.kind]}</span>
      <span className="visually-hidden">{change.text}</span>
    </span>
  );
}

/** How many threads about a state wait for an answer. */
function ThreadBadge({ name }: { name: string }) {
  const count = useGraph((graph) => graph.threads.get(name));
  if (!count) return null;
  const words = count === 1 ? '1 open thread' : `${count} open threads`;
  return (
    <span className="card-threads" title={words} data-testid="card-threads">
      <MessageSquare aria-hidden="true" />
      {count}
      <span className="visually-hidden">{` ${count === 1 ? 'open thread' : 'open threads'}`}</span>
    </span>
  );
}

/** Which way went through a state, where a recording and its replay are compared. */
function PathSign({ name }: { name: string }) {
  const path = useGraph((graph) => graph.paths.get(name));
  if (!path || (path.went === 'both' && path.diverges === null)) return null;
  const word =
    path.diverges ?? (path.went === 'recorded' ? 'only as it was' : 'only as it would be');
  return (
    <span className="card-path" title={word} data-diverges={path.diverges !== null || undefined}>
      <span aria-hidden="true">
        {path.diverges !== null ? '⑂' : path.went === 'recorded' ? '−' : '+'}
      </span>
      <span className="visually-hidden">{word}</span>
    </span>
  );
}

function Marks({ name, view }: { name: string; view: StateView | undefined }) {
  const live = useGraph((graph) => graph.live);
  if (!live) {
    return (
      <>
        <ThreadBadge name={name} />
        <ChangeSign name={name} />
        <NoteMark name={name} />
      </>
    );
  }
  const many = total(view);
  return (
    <>
      <PathSign name={name} />
      {view !== undefined && view.retries > 0 && (
        <span className="card-retries" title={`${view.retries} retries`}>
          <RotateCw aria-hidden="true" />
          {view.retries}
        </span>
      )}
      {many > 1 && <span className="card-count">{many}</span>}
      {view === undefined && <NoteMark name={name} />}
      <CardGlyph status={view?.status ?? 'NOT_REACHED'} />
    </>
  );
}

function useCard({ name, state }: PlacedState) {
  const view = useStateView(name);
  const selected = useGraph((graph) => graph.selected === name || graph.chosen.has(name));
  const live = useGraph((graph) => graph.live);
  const change = useGraph((graph) => graph.changes.get(name));
  const path = useGraph((graph) => graph.paths.get(name));
  const status = live ? (view?.status ?? 'NOT_REACHED') : undefined;
  const told = status ? `, ${statusWord(status)}` : change ? `, ${change.text}` : '';
  const label = `${name}, ${state.Type ?? 'state'}${told}`;
  const [hovered, setHovered] = useState(false);
  return {
    view,
    isNear: selected || hovered,
    attributes: {
      onPointerEnter: () => setHovered(true),
      onPointerLeave: () => setHovered(false),
      'data-state-name': name,
      'data-status': status,
      'data-change': change?.kind,
      'data-path': path?.went,
      'data-diverges': path?.diverges == null ? undefined : true,
      'data-selected': selected || undefined,
      'data-testid': 'state-card',
      'aria-label': label,
      role: 'group',
    },
  };
}

/** A state that contains no others. */
export const StateCard = memo(function StateCard({ placed }: { placed: PlacedState }) {
  const { name, state } = placed;
  const { view, isNear, attributes } = useCard(placed);
  return (
    <div className="card" {...attributes}>
      <BreakpointDot name={name} isNear={isNear} />
      <CardIcon state={state} />
      <span className="card-text">
        <span className="card-name" title={name}>
          {name}
        </span>
        <span className="card-summary">
          <Summary state={state} view={view} />
        </span>
      </span>
      <Marks name={name} view={view} />
    </div>
  );
});

/** A Parallel with its branches in lanes, or a Map with its iterations. */
export const ContainerCard = memo(function ContainerCard({ placed }: { placed: PlacedState }) {
  const { name, state, lanes } = placed;
  const { view, isNear, attributes } = useCard(placed);
  const { start, end } = useHeaderInset(placed);
  const inset = { '--start': `${start}px`, '--end': `${end}px` } as CSSProperties;
  return (
    <div className="container-card" style={inset} {...attributes}>
      <BreakpointDot name={name} isNear={isNear} />
      <div className="container-header">
        <CardIcon state={state} />
        <span className="card-name" title={name}>
          {name}
        </span>
        <span className="card-summary">{summaryOf(state)}</span>
        <Marks name={name} view={view} />
      </div>
      {state.Type === 'Map' && (
        <MapIterations name={name} view={view} isDistributed={isDistributed(state)} />
      )}
      {lanes.map((lane, index) => (
        <div
          key={index}
          className="lane"
          style={{ left: lane.x - 1, top: lane.y - 1, width: lane.width, height: lane.height }}
        />
      ))}
    </div>
  );
});

export const DotCard = memo(function DotCard({ dot }: { dot: PlacedDot }) {
  const reached = useTaken(dot.id);
  const failed = useGraph(({ failed }) => dot.kind === 'end' && failed);
  return (
    <div
      className="dot"
      data-kind={dot.kind}
      data-reached={reached || undefined}
      data-failed={(reached && failed) || undefined}
    />
  );
});

interface LabelProps {
  edge: string;
  labels: string[];
  /** It lies on a container, not on the sheet itself. */
  inside: boolean;
}

/** A rule's sentence on its edge. */
export const LabelCard = memo(function LabelCard({ edge, labels, inside }: LabelProps) {
  const taken = useTaken(edge);
  const [first, second, ...more] = labels;
  return (
    <div
      className="edge-label"
      data-taken={taken || undefined}
      data-inside={inside || undefined}
      title={labels.join('\nor ')}
    >
      <span>{first}</span>
      {second !== undefined && (
        <span>{more.length > 0 ? `or ${more.length + 1} more` : `or ${second}`}</span>
      )}
    </div>
  );
});
