import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { FileWarning } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import type { Execution } from '@/api/client';
import { executionQuery } from '@/api/queries';
import { parseDefinition, placesOf, type Definition } from '@/asl/definition';
import { layOutDefinition } from '@/asl/layout/graph-layout';
import { PageFailed } from '@/app/failures';
import type { ExecutionSearch } from '@/app/search';
import { useShortcut } from '@/app/shortcuts';
import { useTitle } from '@/app/title';
import type { HistoryEvent } from '@/history/event';
import type { ExecutionModel, StateStatus, Visit } from '@/history/model';
import { failureOf, itemsAround, viewOf, type Picks } from '@/history/view';
import { EmptyState } from '@/ui/feedback';
import { Split } from '@/ui/split';
import { statusWord } from '@/ui/status';

import { ConnectionBanner } from './connection-banner';
import { EventList } from './event-list';
import { ExecutionHeader } from './execution-header';
import { ExecutionSkeleton } from './execution-skeleton';
import { FailureBanner } from './failure-banner';
import { useFeed, type Feed } from './feed';
import { Graph } from './graph';
import {
  createGraphStore,
  GraphProvider,
  keepUnchanged,
  type GraphStore,
} from '@/features/graph/graph-store';
import { InspectionPane } from './inspection-pane';
import { SummaryPane } from './summary-pane';
import './pages.css';

const noPicks: Picks = {};
const isEscape = (event: KeyboardEvent) => event.key === 'Escape';

const TROUBLE = new Set<StateStatus>(['FAILED', 'TIMED_OUT', 'CAUGHT']);

/** What the address says, and ways to change it without leaving a trail of pages. */
function useSelection(store: GraphStore) {
  const search: ExecutionSearch = useSearch({ from: '/executions/$machine/$name' });
  const navigate = useNavigate({ from: '/executions/$machine/$name' });
  const change = useCallback(
    (next: (before: ExecutionSearch) => ExecutionSearch) =>
      void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  );
  const select = useCallback(
    (name: string | null) => {
      const status = store.getState().states.get(name ?? '')?.status;
      // A state in trouble opens at its error; what others are looked at for stays chosen.
      const keeps = name !== null && !(status && TROUBLE.has(status));
      change(({ items, tab }) => ({
        ...(items && { items }),
        ...(name !== null && { state: name }),
        ...(keeps && tab && tab !== 'error' && tab !== 'retries' && { tab }),
      }));
    },
    [change, store],
  );
  const pick = useCallback(
    (map: string, index: number | null) =>
      change((before) => {
        const items = Object.fromEntries(
          Object.entries(before.items ?? {}).filter(([name]) => name !== map),
        );
        if (index !== null) items[map] = index;
        const { state, tab } = before;
        return {
          ...(state !== undefined && { state }),
          ...(tab && { tab }),
          ...(Object.keys(items).length > 0 && { items }),
        };
      }),
    [change],
  );
  return { search, change, select, pick };
}

/** The iterations around a visit, of those Maps of which one is picked already. */
function pickedAround(model: ExecutionModel, visit: Visit, picks: Picks = noPicks): Picks {
  const around = itemsAround(model, visit).filter(({ map }) => picks[map] !== undefined);
  return Object.fromEntries(around.map(({ map, index }) => [map, index]));
}

function Loaded({
  execution,
  feed,
  definition,
}: {
  execution: Execution;
  feed: Feed;
  definition: Definition;
}) {
  const { model, events } = feed;
  const [store] = useState(createGraphStore);
  const { search, change, select, pick } = useSelection(store);
  const picks = search.items ?? noPicks;
  const places = useMemo(() => placesOf(definition), [definition]);
  const layout = useMemo(() => layOutDefinition(definition), [definition]);
  const view = useMemo(() => viewOf(model, picks), [model, picks]);
  const place = places.get(search.state ?? '');
  const selected = place?.name ?? null;
  const pane = useRef<HTMLElement>(null);

  useEffect(() => {
    store.setState(({ states }) => ({
      states: keepUnchanged(states, view.states),
      taken: view.taken,
      live: true,
      running: model.status === 'RUNNING',
      failed: model.status === 'FAILED',
      selected,
      picks,
      select,
      pick,
    }));
  }, [store, view, model.status, selected, picks, select, pick]);

  const inspect = useCallback(() => pane.current?.focus(), []);
  const clear = useCallback(() => select(null), [select]);
  useShortcut(isEscape, clear);

  const stateView = selected === null ? undefined : view.states.get(selected);
  const wanted = stateView?.visits.find((each) => model.visits[each]?.id === search.visit);
  const visit = wanted ?? stateView?.current ?? -1;
  const shown = model.visits[visit];
  const troubled = shown && (shown.error !== null || TROUBLE.has(shown.status));
  const tab = search.tab ?? (troubled ? 'error' : 'input');
  const failure = useMemo(() => failureOf(model), [model]);

  /** Going to one visit also picks the iterations it belongs to, where one is picked already. */
  const goToVisit = useCallback(
    (to: Visit, event?: number) =>
      change((before) => {
        const items = { ...before.items, ...pickedAround(model, to, before.items) };
        return {
          state: to.name,
          visit: to.id,
          ...(event !== undefined && { event }),
          ...(event !== undefined ? { tab: 'events' as const } : before.tab && { tab: before.tab }),
          ...(Object.keys(items).length > 0 && { items }),
        };
      }),
    [change, model],
  );
  const goToTrouble = useCallback(
    (to: Visit) =>
      change(({ items }) => ({
        ...(items && { items: { ...items, ...pickedAround(model, to, items) } }),
        state: to.name,
        visit: to.id,
        tab: 'error',
      })),
    [change, model],
  );
  const goToEvent = useCallback(
    (event: HistoryEvent) => {
      const to = model.visits[model.visitOf[event.id] ?? -1];
      if (to) goToVisit(to, event.id);
      else change(({ items }) => ({ event: event.id, ...(items && { items }) }));
    },
    [model, goToVisit, change],
  );

  const inspection =
    place && selected !== null ? (
      <InspectionPane
        ref={pane}
        execution={execution}
        place={place}
        model={model}
        events={events}
        view={stateView}
        visit={visit}
        tab={tab}
        selectedEvent={search.event ?? null}
        onTab={(next) => change((before) => ({ ...before, tab: next }))}
        onVisit={(to) => goToVisit(to)}
        onEvent={goToEvent}
      />
    ) : (
      <SummaryPane execution={execution} model={model} />
    );

  return (
    <GraphProvider value={store}>
      <div className="execution-page">
        <ExecutionHeader execution={execution} model={model} />
        {failure && <FailureBanner failure={failure} onGo={goToTrouble} />}
        <ConnectionBanner complete={feed.complete} />
        <div className="execution-body">
          <Split
            name="execution-events"
            divider="horizontal"
            initial={260}
            least={80}
            most={720}
            label="Height of the event list"
            main={
              <Split
                name="execution-pane"
                divider="vertical"
                initial={420}
                least={300}
                most={900}
                label="Width of the inspection pane"
                main={
                  <Graph
                    layout={layout}
                    label={`Graph of ${execution.name}, ${statusWord(model.status)}`}
                    onInspect={inspect}
                  />
                }
                panel={inspection}
              />
            }
            panel={
              <EventList
                events={events}
                model={model}
                selectedState={selected}
                selectedEvent={search.event ?? null}
                onSelect={goToEvent}
              />
            }
          />
        </div>
      </div>
    </GraphProvider>
  );
}

/** One execution: its graph colouring itself, what each state got and gave, and all that happened. */
export function ExecutionPage() {
  const { machine, name } = useParams({ from: '/executions/$machine/$name' });
  const { data: execution, error, refetch } = useQuery(executionQuery({ machine, name }));
  const feed = useFeed({ machine, name }, execution?.executionArn, execution?.redriveCount);
  // What was fetched while it ran does not tell whether it can be redriven.
  const isOld = feed.complete && execution?.status === 'RUNNING';
  useEffect(() => {
    if (isOld) void refetch();
  }, [isOld, refetch]);
  const parsed = useMemo(
    () => (execution ? parseDefinition(execution.definition) : null),
    [execution],
  );
  useTitle(...(feed.loaded ? [statusWord(feed.model.status)] : []), name, machine);

  const failure = error ?? (feed.events.length === 0 ? feed.failure : null);
  if (failure) return <PageFailed error={failure} reset={() => void refetch()} />;
  if (!execution || !parsed || (!feed.loaded && feed.events.length === 0)) {
    return <ExecutionSkeleton />;
  }
  if (!parsed.ok) {
    return (
      <EmptyState icon={FileWarning} title="The definition cannot be read" tone="error">
        {parsed.message}
      </EmptyState>
    );
  }
  return (
    <Loaded key={execution.executionArn} {...{ execution, feed }} definition={parsed.definition} />
  );
}
