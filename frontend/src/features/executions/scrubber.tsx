import { ChevronLeft, ChevronRight } from 'lucide-react';
import { memo, useMemo } from 'react';

import type { HistoryEvent } from '@/history/event';
import { eventTitle, isTrouble } from '@/history/event-text';
import type { ExecutionModel, ExecutionStatus } from '@/history/model';
import { Button, IconButton } from '@/ui/button';

import type { Scrubbing } from './scrubbing';
import './scrubber.css';

/** Marks are drawn into so many places of the track. */
const PLACES = 240;

/** Where in the history something went wrong. */
const Marks = memo(function Marks({ troubles, last }: { troubles: string; last: number }) {
  if (troubles === '') return null;
  return (
    <svg
      className="scrubber-marks"
      viewBox={`0 0 ${PLACES} 5`}
      preserveAspectRatio="none"
      aria-hidden="true"
      data-last={last}
    >
      {troubles.split(',').map((place) => (
        <rect key={place} x={Number(place) - 0.6} y="0" width="1.2" height="5" />
      ))}
    </svg>
  );
});

function placesOfTrouble(events: readonly HistoryEvent[]): string {
  const places = new Set<number>();
  const last = Math.max(1, events.length - 1);
  events.forEach((event, nth) => {
    if (isTrouble(event.type)) places.add(Math.round((nth / last) * PLACES));
  });
  return [...places].join(',');
}

interface Props extends Pick<Scrubbing, 'at' | 'go'> {
  /** All events there are, and the model of them all. */
  events: readonly HistoryEvent[];
  model: ExecutionModel;
  /** How the execution stands; null while its events are on their way. */
  status: ExecutionStatus | null;
}

/** The slider that puts the whole page back to an event. */
export const Scrubber = memo(function Scrubber({ events, model, status, at, go }: Props) {
  const last = events.length;
  const place = at ?? last;
  const event = events[place - 1];
  const troubles = useMemo(() => placesOfTrouble(events), [events]);
  const name = event && model.visits[model.visitOf[event.id] ?? -1]?.name;
  const since = event ? event.timestamp - (model.startedAt ?? event.timestamp) : 0;
  const words = event
    ? `Event ${event.id} of ${last}: ${eventTitle(event.type)}${name === undefined ? '' : `, ${name}`}`
    : 'No events yet';
  const running = status === 'RUNNING';
  const count = `${last.toLocaleString('en')} events`;
  return (
    <div
      className="scrubber"
      role="group"
      aria-label="History"
      data-testid="scrubber"
      data-at={at ?? undefined}
      data-past={at !== null || undefined}
    >
      <IconButton label="One event back ([)" disabled={place <= 1} onClick={() => go(place - 1)}>
        <ChevronLeft />
      </IconButton>
      <IconButton
        label="One event on (])"
        disabled={at === null}
        onClick={() => go(place + 1 > last ? null : place + 1)}
      >
        <ChevronRight />
      </IconButton>
      <span className="scrubber-track">
        <Marks troubles={troubles} last={last} />
        <input
          type="range"
          min={1}
          max={Math.max(1, last)}
          value={Math.max(1, place)}
          aria-label="Show the execution as it was after an event"
          aria-valuetext={words}
          data-testid="scrubber-slider"
          onChange={({ target }) => {
            const next = Number(target.value);
            go(next >= last ? null : next);
          }}
        />
      </span>
      <span className="scrubber-where">
        {at === null ? (
          <span className="muted">{status === null ? `${count}…` : running ? 'Live' : count}</span>
        ) : (
          <>
            <strong>
              {place.toLocaleString('en')} of {last.toLocaleString('en')}
            </strong>
            <span className="muted">+{Math.max(0, since).toFixed(3)} s</span>
            <span className="ellipsis">
              {event && eventTitle(event.type)}
              {name !== undefined && <span className="muted"> {name}</span>}
            </span>
            <Button size="small" onClick={() => go(null)} data-testid="scrubber-present">
              {running ? 'Back to live' : 'Back to the end'}
            </Button>
          </>
        )}
      </span>
    </div>
  );
});
