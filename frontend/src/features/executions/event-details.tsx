import { useEffect, useRef } from 'react';

import { detailsOf, type HistoryEvent } from '@/history/event';
import { eventTitle } from '@/history/event-text';
import { JsonView } from '@/ui/json-view';

/** More events than this are read in the list below the graph. */
const MOST = 100;

interface Props {
  events: readonly HistoryEvent[];
  selected: number | null;
  onSelect: (event: HistoryEvent) => void;
}

/** The events of one state; the selected one shows all it says. */
export function EventDetailsList({ events, selected, onSelect }: Props) {
  const open = useRef<HTMLLIElement>(null);
  useEffect(() => open.current?.scrollIntoView({ block: 'nearest' }), [selected]);
  return (
    <ol className="event-details">
      {events.slice(0, MOST).map((event) => {
        const chosen = event.id === selected;
        return (
          <li key={event.id} ref={chosen ? open : null}>
            <button type="button" aria-expanded={chosen} onClick={() => onSelect(event)}>
              <span className="mono muted">{event.id}</span>
              <span>{eventTitle(event.type)}</span>
              <span className="muted">
                {new Date(event.timestamp * 1000).toISOString().slice(11, 23)}
              </span>
            </button>
            {chosen && <JsonView text={JSON.stringify(detailsOf(event))} label={event.type} />}
          </li>
        );
      })}
      {events.length > MOST && <li className="muted">and {events.length - MOST} more</li>}
    </ol>
  );
}
