import { describe, expect, it } from 'vitest';

import type { HistoryEvent } from '@/history/event';

import { emptyLog, isBehind, isComplete, lastId, receive, type Arrival } from './event-log';

const history: HistoryEvent[] = Array.from({ length: 50 }, (_, i) => ({
  id: i + 1,
  previousEventId: i,
  timestamp: 1000 + i,
  type: 'PassStateEntered',
}));

const message = (after: number, until: number, status: Arrival['status'] = 'RUNNING'): Arrival => ({
  events: history.slice(after, until),
  lastEventId: until,
  status,
});

describe('the log of events', () => {
  it('appends what follows', () => {
    const { log } = receive(emptyLog, message(0, 3));
    const { log: more, added, gap } = receive(log, message(3, 5));
    expect([lastId(more), added.length, gap]).toEqual([5, 2, false]);
  });

  it('drops what it knows already', () => {
    const { log } = receive(emptyLog, message(0, 5));
    const { added, log: same } = receive(log, message(2, 7));
    expect(added.map(({ id }) => id)).toEqual([6, 7]);
    expect(same.events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('asks again when there is a hole, and keeps nothing behind it', () => {
    const { log } = receive(emptyLog, message(0, 5));
    const holed = receive(log, message(7, 9));
    expect(holed.gap).toBe(true);
    expect(lastId(holed.log)).toBe(5);
    expect(isBehind(holed.log)).toBe(true);
    expect(receive(holed.log, message(5, 9)).log.events).toHaveLength(9);
  });

  it('is complete only when the execution has ended and nothing is missing', () => {
    const ended: Arrival = { events: [], lastEventId: 5, status: 'SUCCEEDED' };
    const behind = receive(receive(emptyLog, message(0, 3)).log, ended).log;
    expect(isComplete(behind)).toBe(false);
    const { log } = receive(behind, message(3, 5, 'SUCCEEDED'));
    expect(isComplete(log)).toBe(true);
    expect(receive(log, message(0, 2)).log.status).toBe('SUCCEEDED');
  });

  it('ends gapless whatever is lost, doubled or late, as long as it may ask again', () => {
    for (let seed = 1; seed <= 50; seed++) {
      let state = seed;
      const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
      let log = emptyLog;
      for (let turn = 0; turn < 200 && lastId(log) < history.length; turn++) {
        const from = random() < 0.5 ? lastId(log) : Math.floor(random() * history.length);
        const to = Math.min(history.length, from + Math.floor(random() * 12));
        const received = receive(log, message(from, to));
        log = received.log;
        if (received.gap) log = receive(log, message(lastId(log), to)).log;
        expect(log.events.map(({ id }) => id)).toEqual(log.events.map((_, i) => i + 1));
      }
      expect(lastId(log)).toBe(history.length);
    }
  });
});
