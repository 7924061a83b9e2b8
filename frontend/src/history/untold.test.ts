import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import type { HistoryEvent } from './event';
import { foldEvents } from './fold';
import { segmentsOf } from './timeline';
import { withEnd } from './untold';

const FOLDER = new URL('./recorded/', import.meta.url);
const histories = readdirSync(FOLDER).map((file): [string, HistoryEvent[]] => [
  file.replace('.json', ''),
  JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as HistoryEvent[],
]);

describe.each(histories)('%s', (_, events) => {
  const whole = foldEvents(events);
  const end = { status: whole.status, endedAt: whole.endedAt ?? NaN };

  it('has ended after every event, and says no more than is told', () => {
    for (let upTo = 1; upTo < events.length; upTo++) {
      const so = foldEvents(events.slice(0, upTo));
      const until = events[upTo - 1]?.timestamp ?? NaN;
      const told = withEnd(so, end, until);
      expect(told).toMatchObject(end);
      told.visits.forEach((visit, place) => {
        const open = so.visits[place]?.status === 'RUNNING';
        if (!open) expect(visit).toBe(so.visits[place]);
        else expect(visit).toMatchObject({ status: 'UNTOLD', exitedAt: until });
        // Nothing goes on with the clock, however late it is.
        expect(segmentsOf(visit, until + 1e6).filter(({ to }) => to > until)).toEqual([]);
      });
      expect(told.frames.filter(({ status }) => status === 'RUNNING')).toEqual([]);
    }
  });

  it('is what it is once everything is told', () => {
    expect(withEnd(whole, end, whole.endedAt ?? NaN)).toEqual(whole);
  });
});
