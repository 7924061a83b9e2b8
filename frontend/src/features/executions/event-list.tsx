import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { ArrowDownToLine, Search } from 'lucide-react';
import {
  memo,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
  type UIEvent,
} from 'react';

import type { HistoryEvent } from '@/history/event';
import { eventDetail, eventStatus, eventTitle, isTrouble } from '@/history/event-text';
import type { ExecutionModel, StateStatus } from '@/history/model';
import { itemsAround } from '@/history/view';
import { Button } from '@/ui/button';
import { StatusGlyph } from '@/ui/status';

import './event-list.css';

const ROW = 28;
/** More rows than are ever in the page. While the end is followed they are written anew, not made. */
const SLOTS = 64;

type Filter = 'all' | 'trouble' | 'state';

interface Props {
  events: readonly HistoryEvent[];
  model: ExecutionModel;
  selectedState: string | null;
  selectedEvent: number | null;
  /** The page shows the execution as it was after this event; null for the present. */
  at: number | null;
  /** The execution goes on, whatever those of its events say that are here. */
  running: boolean;
  /** All there were when the page opened have come: before that, the first ones stay in view. */
  loaded: boolean;
  /** The switch between the lists below the graph. */
  tabs: ReactNode;
  onSelect: (event: HistoryEvent) => void;
}

function stateNameOf(model: ExecutionModel, event: HistoryEvent): string | null {
  return model.visits[model.visitOf[event.id] ?? -1]?.name ?? null;
}

/** What a model says of one event, as values: a row is drawn anew when one of them changes. */
interface Told {
  name: string | null;
  /** "#2.7": which item of which Map. */
  place: string;
  status: StateStatus | null;
  /** "+1.204": seconds after the start. */
  offset: string;
}

function told(model: ExecutionModel, event: HistoryEvent): Told {
  const visit = model.visits[model.visitOf[event.id] ?? -1];
  const items = visit ? itemsAround(model, visit).map(({ index }) => index) : [];
  // Leaving a state says nothing of how it went; its visit does.
  const left = event.type.endsWith('StateExited') ? visit?.status : undefined;
  const since = event.timestamp - (model.startedAt ?? event.timestamp);
  return {
    name: visit?.name ?? null,
    place: items.length > 0 ? `#${items.join('.')}` : '',
    status: left ?? eventStatus(event.type),
    offset: `+${Math.max(0, since).toFixed(3)}`,
  };
}

const Row = memo(function Row({
  event,
  name,
  place,
  status,
  offset,
  own,
  chosen,
  later,
  top,
  onSelect,
}: Told & {
  event: HistoryEvent;
  own: boolean;
  chosen: boolean;
  later: boolean;
  top: number;
  onSelect: (event: HistoryEvent) => void;
}) {
  return (
    <div
      className="event-row"
      role="row"
      data-testid="event-row"
      data-event-id={event.id}
      data-event-type={event.type}
      data-state={name ?? undefined}
      data-own={own || undefined}
      data-trouble={isTrouble(event.type) || undefined}
      data-later={later || undefined}
      aria-selected={chosen}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell" className="event-id">
        {event.id}
      </span>
      <span
        role="cell"
        className="event-time"
        title={new Date(event.timestamp * 1000).toISOString()}
      >
        {offset}
      </span>
      <span role="cell" className="event-type">
        {/* What runs from here has ended long ago or shows so in the graph: no turning glyphs here. */}
        {status === null || status === 'RUNNING' ? (
          <span className="event-tick" />
        ) : (
          <StatusGlyph status={status} size={12} />
        )}
        <button type="button" onClick={() => onSelect(event)}>
          {eventTitle(event.type)}
        </button>
      </span>
      <span role="cell" className="event-state ellipsis">
        {name}
        <span className="muted"> {place}</span>
      </span>
      <span role="cell" className="event-detail ellipsis mono">
        {eventDetail(event)}
      </span>
    </div>
  );
});

/** The rows at the end, as many as are in view: they are drawn before the list is scrolled to them. */
const lastOf = ({ startIndex, endIndex, overscan, count }: Range): number[] => {
  const first = Math.max(0, count - 1 - (endIndex - startIndex) - overscan);
  return Array.from({ length: count - first }, (_, nth) => first + nth);
};

/**
 * Keeps a list at its end while it grows. The browser tells when it has laid the list out anew and
 * before it paints it: to ask how long the list is at any other moment is to lay out all the page.
 */
function useStayAtEnd(box: RefObject<HTMLDivElement | null>, stays: boolean) {
  useEffect(() => {
    const element = box.current;
    const inner = element?.firstElementChild;
    if (!stays || !element || !inner) return;
    const observer = new ResizeObserver(() => {
      element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    observer.observe(inner);
    return () => observer.disconnect();
  }, [box, stays]);
}

/** Who scrolls back, by whatever means, follows no more. A list that has room for more stays at its end. */
function useScrolledBack(onBack: () => void) {
  const last = useRef(0);
  return ({ currentTarget: { scrollTop, clientHeight, scrollHeight } }: UIEvent) => {
    const back = scrollTop < last.current && scrollTop + clientHeight < scrollHeight - 1;
    last.current = scrollTop;
    if (back) onBack();
  };
}

/** Everything that happened, in order; as many rows in the page as fit on the screen. */
export default memo(function EventList(props: Props) {
  const { events, model, selectedState, selectedEvent, at, running, loaded, tabs, onSelect } =
    props;
  const [filter, setFilter] = useState<Filter>('all');
  const [text, setText] = useState('');
  // What was still running when the page opened is followed to its very last event.
  const [follow, setFollow] = useState(running);
  const box = useRef<HTMLDivElement>(null);
  const active = filter === 'state' && selectedState === null ? 'all' : filter;

  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    if (active === 'all' && wanted === '') return events;
    return events.filter((event) => {
      if (active === 'trouble' && !isTrouble(event.type)) return false;
      const name = stateNameOf(model, event);
      if (active === 'state' && name !== selectedState) return false;
      if (wanted === '') return true;
      const words = `${event.id} ${event.type} ${eventTitle(event.type)} ${name ?? ''} ${eventDetail(event)}`;
      return words.toLowerCase().includes(wanted);
    });
  }, [events, model, active, selectedState, text]);

  const following = loaded && follow;
  // The compiler's memoisation does not suit the virtualizer's mutable result; nothing relies on it.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 8,
    initialRect: { width: 800, height: 260 },
    rangeExtractor: following ? lastOf : defaultRangeExtractor,
  });
  const isListed = shown.length > 0;
  const onScroll = useScrolledBack(() => setFollow(false));
  useStayAtEnd(box, following && isListed);

  // Selecting a state shows its first event, selecting an event shows that one.
  const wanted = useMemo(() => {
    if (selectedEvent !== null) return shown.findIndex(({ id }) => id === selectedEvent);
    if (selectedState === null) return -1;
    return shown.findIndex((event) => stateNameOf(model, event) === selectedState);
    // New events must not scroll the list back to the selection.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selectedEvent, selectedState, active, text]);
  useEffect(() => {
    if (wanted < 0) return;
    rows.scrollToIndex(wanted, { align: 'auto' });
    setFollow(false);
  }, [wanted, rows]);

  // Going back in time shows where that is.
  const reached = useMemo(
    () => (at === null ? -1 : shown.findLastIndex(({ id }) => id <= at)),
    [at, shown],
  );
  useEffect(() => {
    if (reached < 0) return;
    rows.scrollToIndex(reached, { align: 'auto' });
    setFollow(false);
  }, [reached, rows]);

  const filters: [Filter, string, boolean][] = [
    ['all', 'All', true],
    ['trouble', 'Trouble', true],
    ['state', selectedState ?? 'Selected state', selectedState !== null],
  ];

  return (
    <section className="events" aria-label="Events">
      <header className="events-header">
        {tabs}
        <span className="muted" data-testid="event-count" data-count={events.length}>
          {shown.length === events.length
            ? events.length.toLocaleString('en')
            : `${shown.length.toLocaleString('en')} of ${events.length.toLocaleString('en')}`}
        </span>
        <div className="segments" role="group" aria-label="Which events">
          {filters.map(([value, label, possible]) => (
            <button
              key={value}
              type="button"
              disabled={!possible}
              aria-pressed={active === value}
              onClick={() => setFilter(value)}
            >
              {label}
            </button>
          ))}
        </div>
        <label className="events-search">
          <Search aria-hidden="true" />
          <span className="visually-hidden">Filter events</span>
          <input
            type="search"
            placeholder="Filter events"
            data-shortcut="search"
            data-testid="event-filter"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        {running && (
          <Button
            variant="ghost"
            size="small"
            aria-pressed={follow}
            onClick={() => setFollow(!follow)}
          >
            <ArrowDownToLine />
            {follow ? 'Following' : 'Follow'}
          </Button>
        )}
      </header>
      {shown.length === 0 ? (
        <p className="events-nothing muted">
          {events.length === 0 ? 'No events yet.' : 'No event matches.'}
        </p>
      ) : (
        <div
          className="events-rows"
          ref={box}
          role="table"
          aria-label="Events"
          aria-rowcount={shown.length}
          onWheel={() => follow && setFollow(false)}
          onScroll={onScroll}
        >
          <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
            {rows.getVirtualItems().map(({ index, start }) => {
              const event = shown[index];
              if (!event) return null;
              return (
                <Row
                  key={follow && running ? `slot ${index % SLOTS}` : event.id}
                  event={event}
                  {...told(model, event)}
                  own={selectedState !== null && stateNameOf(model, event) === selectedState}
                  chosen={event.id === selectedEvent}
                  later={at !== null && event.id > at}
                  top={start}
                  onSelect={onSelect}
                />
              );
            })}
          </div>
        </div>
      )}
    </section>
  );
});
