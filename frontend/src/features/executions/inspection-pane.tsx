import { Tabs } from 'radix-ui';
import { GitFork } from 'lucide-react';
import { useMemo, useState, type ReactNode, type Ref } from 'react';

import type { Execution } from '@/api/executions';
import type { StatePlace } from '@/asl/definition';
import { summaryOf } from '@/asl/summaries';
import type { InspectionTab } from '@/app/search';
import type { HistoryEvent } from '@/history/event';
import { retriesOf, type ExecutionModel, type Visit } from '@/history/model';
import { itemsAround, type StateView } from '@/history/view';
import { Button } from '@/ui/button';
import { JsonView } from '@/ui/json-view';
import { StatusPill, statusWord } from '@/ui/status';
import { duration, useNow } from '@/ui/time';

import { ApprovalNote } from './approval-note';
import { Attempts, ErrorReport } from './attempts';
import { ForkDialog } from './dialogs';
import { EventDetailsList } from './event-details';
import { useStates } from '@/features/graph/graph-store';
import { CountsBar, IterationStepper } from '@/features/graph/map-iterations';
import { MapRunLinks } from './map-run-links';
import { Pictures } from './pictures';
import { ChildExecutions } from './related-executions';
import { StateIcon } from '@/features/graph/state-icons';
import { Stages } from './stages';
import './inspection-pane.css';

interface Props {
  execution: Execution;
  place: StatePlace;
  model: ExecutionModel;
  events: readonly HistoryEvent[];
  view: StateView | undefined;
  /** The visit looked at (a place in the model's list), or -1. */
  visit: number;
  tab: InspectionTab;
  selectedEvent: number | null;
  onTab: (tab: InspectionTab) => void;
  onVisit: (visit: Visit) => void;
  onEvent: (event: HistoryEvent) => void;
  /** What a debugger can do about the state. */
  debug: ReactNode;
}

/** "item 3 of Reserve items", or which time a state in a loop is visited. */
function visitLabel(model: ExecutionModel, visit: Visit, nth: number): string {
  const items = itemsAround(model, visit).map(({ map, index }) => `item ${index} of ${map}`);
  return [`Visit ${nth + 1}`, ...items].join(', ');
}

function VisitPicker({
  model,
  view,
  visit,
  onVisit,
}: Pick<Props, 'model' | 'view' | 'visit' | 'onVisit'>) {
  if (!view || view.visits.length < 2) return null;
  return (
    <label className="visit-picker">
      <span className="visually-hidden">Visit of this state</span>
      <select
        className="input"
        data-testid="visit-picker"
        value={visit}
        onChange={({ target }) => {
          const chosen = model.visits[Number(target.value)];
          if (chosen) onVisit(chosen);
        }}
      >
        {view.visits.map((place, nth) => {
          const each = model.visits[place];
          if (!each) return null;
          return (
            <option key={place} value={place}>
              {visitLabel(model, each, nth)} · {statusWord(each.status).toLowerCase()}
            </option>
          );
        })}
      </select>
    </label>
  );
}

/** A way to begin again with a state that has been. */
function ForkButton({ execution, visit }: { execution: Execution; visit: Visit }) {
  const [open, setOpen] = useState(false);
  const key = { machine: execution.stateMachineName, name: execution.name };
  return (
    <>
      <Button
        variant="ghost"
        size="small"
        onClick={() => setOpen(true)}
        data-testid="fork"
        title="Start a new execution that begins with this state"
      >
        <GitFork />
        Start from here…
      </Button>
      <ForkDialog execution={key} visit={visit} open={open} onClose={() => setOpen(false)} />
    </>
  );
}

function Times({ visit, children }: { visit: Visit; children: ReactNode }) {
  const open = visit.exitedAt === null;
  const now = useNow(open, 250);
  const ms = (open ? now : (visit.exitedAt ?? 0) * 1000) - visit.enteredAt * 1000;
  const entered = new Date(visit.enteredAt * 1000);
  return (
    <p className="pane-times muted">
      <span>{duration(ms)}</span>
      <time dateTime={entered.toISOString()} title={entered.toISOString()}>
        entered {entered.toLocaleTimeString()}
      </time>
      {visit.attempts.length > 1 && <span>{visit.attempts.length} attempts</span>}
      {children}
    </p>
  );
}

function Nothing({ children }: { children: ReactNode }) {
  return <p className="pane-nothing muted">{children}</p>;
}

/** The right-hand pane: all that is known of the selected state. */
export function InspectionPane(props: Props & { ref?: Ref<HTMLElement> }) {
  const { place, model, events, tab, onTab, onEvent, selectedEvent, ref } = props;
  const visit = model.visits[props.visit];
  const own = useMemo(
    () => events.filter(({ id }) => visit !== undefined && model.visitOf[id] === props.visit),
    [events, model, visit, props.visit],
  );
  const failed = visit !== undefined && (visit.error !== null || visit.cause !== null);
  const retries = visit ? retriesOf(visit) : 0;
  const definition = useMemo(() => JSON.stringify(place.state), [place.state]);
  const titles: [InspectionTab, string, number | null][] = [
    ['input', 'Input', null],
    ['output', 'Output', null],
    ['stages', 'Stages', null],
    ['error', 'Error', failed ? 1 : null],
    ['retries', 'Retries', retries > 0 ? retries : null],
    ['definition', 'Definition', null],
    ['events', 'Events', own.length > 0 ? own.length : null],
  ];

  return (
    <section
      className="pane"
      aria-label={`Inspection of ${place.name}`}
      data-testid="inspection-pane"
      data-state-name={place.name}
      tabIndex={-1}
      ref={ref}
    >
      <header className="pane-header">
        <div className="pane-title">
          <span className="card-icon" data-status={visit?.status ?? 'NOT_REACHED'}>
            <StateIcon state={place.state} />
          </span>
          <div className="pane-name">
            <h2 title={place.name}>{place.name}</h2>
            <p className="muted ellipsis">
              {place.state.Type} · {summaryOf(place.state)}
            </p>
          </div>
          <StatusPill status={visit?.status ?? 'NOT_REACHED'} testId="state-status" />
        </div>
        {place.state.Comment !== undefined && <p className="muted">{place.state.Comment}</p>}
        {visit && (
          <Times visit={visit}>
            <ForkButton execution={props.execution} visit={visit} />
          </Times>
        )}
        {visit && (
          <ChildExecutions
            machine={props.execution.stateMachineName}
            name={props.execution.name}
            state={place.state}
            visit={visit}
          />
        )}
        {visit && (
          <MapRunLinks
            machine={props.execution.stateMachineName}
            name={props.execution.name}
            state={place.state}
            model={model}
            visit={props.visit}
          />
        )}
        {visit && <ApprovalNote visit={visit} events={own} />}
        <EnclosingMaps place={place} />
        <VisitPicker {...props} />
      </header>
      {props.debug}
      <Tabs.Root
        className="pane-tabs"
        value={tab}
        onValueChange={(value) => onTab(value as InspectionTab)}
      >
        <Tabs.List className="tab-list" aria-label="What to inspect">
          {titles.map(([value, title, count]) => (
            <Tabs.Trigger key={value} value={value} className="tab" data-testid={`tab-${value}`}>
              {title}
              {count !== null && (
                <span className="tab-count" data-tone={value === 'error' ? 'error' : undefined}>
                  {value === 'error' ? '!' : count}
                </span>
              )}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value={tab} className="pane-body" key={`${tab}:${visit?.id ?? 0}`}>
          {tab === 'definition' ? (
            <JsonView text={definition} label="Definition" />
          ) : !visit ? (
            <Nothing>The execution has not reached this state.</Nothing>
          ) : tab === 'input' ? (
            <Data text={visit.input} label="Input" truncated={visit.inputTruncated} />
          ) : tab === 'stages' ? (
            <Stages model={model} place={props.visit} events={events} />
          ) : tab === 'output' ? (
            <Output visit={visit} />
          ) : tab === 'error' ? (
            <ErrorReport visit={visit} state={place.state} />
          ) : tab === 'retries' ? (
            <Attempts visit={visit} state={place.state} />
          ) : (
            <EventDetailsList events={own} selected={selectedEvent} onSelect={onEvent} />
          )}
        </Tabs.Content>
      </Tabs.Root>
    </section>
  );
}

/** Steppers for the Maps around a state, or for the Map itself. */
function EnclosingMaps({ place }: { place: StatePlace }) {
  const states = useStates();
  const names = place.state.Type === 'Map' ? [...place.maps, place.name] : place.maps;
  const shown = names.flatMap((name) => {
    const view = states.get(name);
    return view && view.iterations.length > 0 ? [{ name, view }] : [];
  });
  if (shown.length === 0) return null;
  return (
    <div className="pane-maps">
      {shown.map(({ name, view }) => (
        <div key={name} className="pane-map">
          <span className="ellipsis muted">{name}</span>
          <CountsBar view={view} />
          <IterationStepper name={name} view={view} focusable />
        </div>
      ))}
    </div>
  );
}

function Data({
  text,
  label,
  truncated,
}: {
  text: string | null;
  label: string;
  truncated: boolean;
}) {
  if (text === null) return <Nothing>No {label.toLowerCase()} was recorded.</Nothing>;
  return (
    <>
      <Pictures text={text} />
      <JsonView text={text} label={label} truncated={truncated} />
    </>
  );
}

function Output({ visit }: { visit: Visit }) {
  if (visit.output === null) {
    return (
      <Nothing>
        {visit.status === 'RUNNING'
          ? 'The state is still running; its output follows when it ends.'
          : 'The state ended without an output.'}
      </Nothing>
    );
  }
  return (
    <>
      <Data text={visit.output} label="Output" truncated={visit.outputTruncated} />
      {Object.entries(visit.assigned ?? {}).map(([name, text]) => (
        <JsonView key={name} text={text} label={`$${name}`} />
      ))}
    </>
  );
}
