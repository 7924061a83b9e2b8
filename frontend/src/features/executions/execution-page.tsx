import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { FileWarning } from 'lucide-react';
import {
  Suspense,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';

import { executionQuery, type Execution } from '@/api/executions';
import { parseDefinition, placesOf, type Definition } from '@/asl/definition';
import { layOutDefinition } from '@/asl/layout/graph-layout';
import { lazily } from '@/app/lazily';
import { PageFailed } from '@/app/failures';
import { readExecutionSearch } from '@/app/search';
import { useShortcut } from '@/app/shortcuts';
import { useTitle } from '@/app/title';
import type { HistoryEvent } from '@/history/event';
import type { ExecutionModel, Visit } from '@/history/model';
import { withEnd } from '@/history/untold';
import { failureOf, itemsAround, viewOf, type Picks } from '@/history/view';
import { createGraphStore, GraphProvider, keepUnchanged } from '@/features/graph/graph-store';
import { EmptyState } from '@/ui/feedback';
import { Split } from '@/ui/split';
import { statusWord } from '@/ui/status';
import { useAfterPaint } from '@/ui/after-paint';
import { usePaced } from '@/ui/paced';
import { StoppedClock } from '@/ui/time';

import { BelowTabs } from './below-tabs';
import { ConnectionBanner } from './connection-banner';
import { newsOf, pausedOf } from './debugger/marks';
import { DebuggerRecords } from './debugger/records';
import { useDebugger, useDebugMarks, useShownPause } from './debugger/use-debugger';
import { ExecutionHeader } from './execution-header';
import { ExecutionSkeleton, GraphSkeleton } from './execution-skeleton';
import { FailureBanner, UntoldFailure } from './failure-banner';
import { useFeed, type Feed } from './feed';
import { Graph } from './graph';
import { Scrubber } from './scrubber';
import { useScrubbing } from './scrubbing';
import { kept, TROUBLE, useSelection } from './selection';
import { SummaryPane } from './summary-pane';
import './debugger/debug-bar.css';
import './inspection-pane.css';
import './pages.css';

const EventList = lazily(() => import('./event-list'));
const StatePane = lazily(() => import('./state-pane'));
const DebugBar = lazily(() => import('./debugger/debug-bar'));
const Timeline = lazily(() => import('./what-ran/timeline'));
const Table = lazily(() => import('./what-ran/table'));

/** What is seen of a page first comes with it: while the events do. The server knows of it, too. */
const { below: firstBelow } = readExecutionSearch(
  Object.fromEntries(new URLSearchParams(window.location.search)),
);
const FirstList = { events: EventList, timeline: Timeline, table: Table }[firstBelow ?? 'events'];
export const pageReady = FirstList.ahead();
/** Lists and the slider move on this often: thousands of events a second are not read one by one. */
const LISTS_MS = 200;
/** So few more are shown with the rest of the page. */
const FEW_EVENTS = 20;
const isFew = (shown: Feed, feed: Feed) => feed.events.length - shown.events.length <= FEW_EVENTS;

const noPicks: Picks = {};
const isEscape = (event: KeyboardEvent) => event.key === 'Escape';

/** The iterations around a visit, of those Maps of which one is picked already. */
function pickedAround(model: ExecutionModel, visit: Visit, picks: Picks = noPicks): Picks {
  const around = itemsAround(model, visit).filter(({ map }) => picks[map] !== undefined);
  return Object.fromEntries(around.map(({ map, index }) => [map, index]));
}

/** A long history takes seconds to come; how the execution ended is known before. */
function useKnownEnd(feed: Feed, execution: Execution): Feed {
  const { loaded, model, events } = feed;
  const { status, stopDate } = execution;
  const known = useMemo(() => {
    if (loaded || status === 'RUNNING' || stopDate === null) return model;
    const until = events.at(-1)?.timestamp ?? 0;
    return withEnd(model, { status, endedAt: Date.parse(stopDate) / 1000 }, until);
  }, [loaded, model, events, status, stopDate]);
  return useMemo(() => (known === model ? feed : { ...feed, model: known }), [feed, model, known]);
}

function Loaded({
  execution,
  feed: folded,
  definition,
}: {
  execution: Execution;
  feed: Feed;
  definition: Definition;
}) {
  const feed = useKnownEnd(folded, execution);
  const [store] = useState(createGraphStore);
  const { search, change, select, pick, show, remember } = useSelection(store);
  const scrubbing = useScrubbing(feed.model, feed.events, feed.complete, search.at, remember);
  const { model, events, at } = scrubbing;
  const picks = search.items ?? noPicks;
  const places = useMemo(() => placesOf(definition), [definition]);
  // The lists come first: they cost little, and a large graph much.
  const isDrawn = useAfterPaint();
  const layout = useMemo(
    () => (isDrawn ? layOutDefinition(definition) : null),
    [definition, isDrawn],
  );
  const view = useMemo(() => viewOf(model, picks), [model, picks]);
  const place = places.get(search.state ?? '');
  const selected = place?.name ?? null;
  // The first piece of a long history says that it runs, and one that was redriven may not.
  const status = feed.loaded ? feed.model.status : execution.status;
  const pane = useRef<HTMLElement>(null);

  // Before the paint: what the cards show is painted with the rest of the page.
  useLayoutEffect(() => {
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

  // Nothing is selected at first; once the page rests the pane is there for when something is.
  useEffect(() => {
    const asked = requestIdleCallback(() => void StatePane.ahead());
    return () => cancelIdleCallback(asked);
  }, []);

  const inspect = useCallback(() => pane.current?.focus(), []);
  const clear = useCallback(() => select(null), [select]);
  useShortcut(isEscape, clear);

  const stateView = selected === null ? undefined : view.states.get(selected);
  const news = newsOf(stateView);
  const debugging = useDebugger(execution, feed.debuggerRecord, status, selected, news);
  useDebugMarks(store, debugging);
  useShownPause(debugging.active, selected, select);
  const toggleBreakpoint = useCallback(
    (name: string) => store.getState().toggleBreakpoint(name),
    [store],
  );

  const wanted = stateView?.visits.find((each) => model.visits[each]?.id === search.visit);
  const visit = wanted ?? stateView?.current ?? -1;
  const shown = model.visits[visit];
  const troubled = shown && (shown.error !== null || TROUBLE.has(shown.status));
  const tab = search.tab ?? (troubled ? 'error' : 'input');
  // Of a part of the history, a failure that was tolerated could pass for the one that ended it.
  const isTold = feed.loaded || at !== null;
  const failure = useMemo(() => (isTold ? failureOf(model) : null), [isTold, model]);
  // Who looks at a failure asks first what it was.
  const hasFailed = execution.status === 'FAILED' || execution.status === 'TIMED_OUT';
  const isUntold = hasFailed && !isTold;

  /** Going to one visit also picks the iterations it belongs to, where one is picked already. */
  const goToVisit = useCallback(
    (to: Visit, event?: number) =>
      change((before) => {
        const items = { ...before.items, ...pickedAround(model, to, before.items) };
        return {
          ...kept(before),
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
      change(({ items, ...rest }) => ({
        ...kept(rest),
        ...(items && { items: { ...items, ...pickedAround(model, to, items) } }),
        state: to.name,
        visit: to.id,
        tab: 'error',
      })),
    [change, model],
  );
  const { go } = scrubbing;
  const goToEvent = useCallback(
    (event: HistoryEvent) => {
      // Back in time the page goes to the event; in the present it only selects it.
      if (at !== null) go(event.id);
      const to = feed.model.visits[feed.model.visitOf[event.id] ?? -1];
      if (to) goToVisit(to, event.id);
      else {
        change(({ items, ...rest }) => ({
          ...kept(rest),
          event: event.id,
          ...(items && { items }),
        }));
      }
    },
    [feed.model, at, go, goToVisit, change],
  );
  const goToItem = useCallback(
    (map: Visit, index: number) => {
      pick(map.name, index);
      select(map.name);
    },
    [pick, select],
  );
  const stateOf = useCallback((name: string) => places.get(name)?.state, [places]);
  const tabs = useMemo(
    () => <BelowTabs shown={search.below ?? null} onShow={show} />,
    [search.below, show],
  );
  const paced = usePaced(feed, LISTS_MS, isFew);
  const whatRan = {
    model: at === null ? paced.model : model,
    selected: visit,
    stateOf,
    tabs,
    onVisit: goToVisit,
    onItem: goToItem,
    onInspect: inspect,
  };

  const { status: shownStatus, startedAt, endedAt, input, output, error, cause } = model;
  const times = useMemo(
    () => ({ status: shownStatus, startedAt, endedAt }),
    [shownStatus, startedAt, endedAt],
  );
  const outcome = useMemo(
    () => ({ status: shownStatus, input, output, error, cause }),
    [shownStatus, input, output, error, cause],
  );
  const records = useMemo(() => <DebuggerRecords view={debugging.view} />, [debugging.view]);
  const paused = useMemo(
    () => pausedOf(debugging.view, execution.paused),
    [debugging.view, execution.paused],
  );
  const marked = feed.events[(at ?? search.event ?? 0) - 1];
  const inspection =
    place && selected !== null ? (
      <Suspense fallback={<section className="pane" aria-busy="true" />}>
        <StatePane
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
          onVisit={goToVisit}
          onEvent={goToEvent}
          debugging={debugging}
        />
      </Suspense>
    ) : (
      <SummaryPane execution={execution} shown={outcome} debug={records} />
    );

  return (
    <GraphProvider value={store}>
      <StoppedClock value={scrubbing.clock}>
        <div className="execution-page" data-past={at !== null || undefined}>
          <ExecutionHeader
            execution={execution}
            shown={times}
            isPast={at !== null}
            status={status}
            paused={paused}
          />
          {debugging.running && (
            <Suspense fallback={<div className="debug-bar" data-paused="0" aria-busy="true" />}>
              <DebugBar
                debugging={debugging}
                selected={selected}
                stateOf={stateOf}
                onToggleBreakpoint={toggleBreakpoint}
              />
            </Suspense>
          )}
          <ConnectionBanner complete={feed.complete} />
          <Scrubber
            events={paced.events}
            model={paced.model}
            status={feed.loaded ? status : null}
            at={at}
            go={scrubbing.go}
          />
          {/* Below the slider, which must not move from under the hand. */}
          {failure && <FailureBanner failure={failure} onGo={goToTrouble} />}
          {isUntold && (
            <UntoldFailure
              status={execution.status === 'TIMED_OUT' ? 'TIMED_OUT' : 'FAILED'}
              error={execution.error}
              cause={execution.cause}
            />
          )}
          <div className="execution-body">
            <Split
              name="execution-events"
              divider="horizontal"
              initial={260}
              least={80}
              most={720}
              label="Height of the lists below the graph"
              main={
                <Split
                  name="execution-pane"
                  divider="vertical"
                  initial={420}
                  least={300}
                  most={900}
                  label="Width of the inspection pane"
                  main={
                    layout === null ? (
                      <GraphSkeleton />
                    ) : (
                      <Graph
                        layout={layout}
                        label={`Graph of ${execution.name}, ${statusWord(model.status)}`}
                        onInspect={inspect}
                      />
                    )
                  }
                  panel={inspection}
                />
              }
              panel={
                <Suspense
                  fallback={
                    <section className="events">
                      <header className="events-header">{tabs}</header>
                    </section>
                  }
                >
                  {search.below === 'timeline' ? (
                    <Timeline {...whatRan} mark={marked?.timestamp ?? null} />
                  ) : search.below === 'table' ? (
                    <Table {...whatRan} />
                  ) : (
                    <EventList
                      events={paced.events}
                      model={paced.model}
                      selectedState={selected}
                      selectedEvent={search.event ?? null}
                      at={at}
                      running={status === 'RUNNING'}
                      loaded={paced.loaded}
                      tabs={tabs}
                      onSelect={goToEvent}
                    />
                  )}
                </Suspense>
              }
            />
          </div>
        </div>
      </StoppedClock>
    </GraphProvider>
  );
}

/** One execution: its graph colouring itself, what each state got and gave, and all that happened. */
export function ExecutionPage() {
  const { machine, name } = useParams({ from: '/executions/$machine/$name' });
  const { data: execution, error, refetch } = useQuery(executionQuery({ machine, name }));
  const feed = useFeed({ machine, name }, execution);
  // What was fetched while it ran does not tell whether it can be redriven.
  const isOld = feed.isCurrent && feed.complete && execution?.status === 'RUNNING';
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
    return <ExecutionSkeleton execution={execution} />;
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
