import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

import type { HistoryEvent } from '@/history/event';
import { applyEvents, foldEvents } from '@/history/fold';
import { emptyModel } from '@/history/model';
import { viewOf, type StateView } from '@/history/view';

import { createGraphStore, keepUnchanged } from './graph-store';

const view = (name: string) => ({ name }) as StateView;

it('tells those who listen to what has changed, and nobody else', () => {
  const store = createGraphStore();
  const pay = view('Pay');
  store.setState({ states: new Map([['Pay', pay]]) });
  const heard = vi.fn<(what: string) => void>();
  const { listeners } = store;
  listeners.addState('Pay', () => heard('Pay'));
  listeners.addState('Ship', () => heard('Ship'));
  listeners.addTransition('start', () => heard('start'));
  const leave = listeners.addStill(() => heard('still'));

  store.setState({ states: new Map([['Pay', pay]]), taken: new Set(['start']) });
  expect(heard.mock.calls).toEqual([['start']]);
  heard.mockClear();

  store.setState({
    states: new Map([
      ['Pay', view('Pay')],
      ['Ship', view('Ship')],
    ]),
    taken: new Set(['start']),
    live: true,
  });
  expect(heard.mock.calls).toEqual([['Pay'], ['Ship'], ['still']]);
  heard.mockClear();

  leave();
  store.setState({ states: new Map(), selected: 'Pay' });
  expect(heard.mock.calls).toEqual([['Pay'], ['Ship']]);
});

const FOLDER = new URL('../../history/recorded/', import.meta.url);

describe.each(readdirSync(FOLDER))('%s', (file) => {
  const events = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as HistoryEvent[];

  it('has its cards look as in a page that is opened later, whatever is painted together', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: events.length }), { maxLength: 20 });
    fc.assert(
      fc.property(cuts, (at) => {
        let live = emptyModel;
        let cards: ReadonlyMap<string, StateView> = new Map();
        for (const cut of [...at, events.length].sort((a, b) => a - b)) {
          live = applyEvents(live, events.slice(live.lastEventId, cut));
          cards = keepUnchanged(cards, viewOf(live, {}).states);
          expect(cards).toEqual(viewOf(foldEvents(events.slice(0, cut)), {}).states);
        }
      }),
      { numRuns: 20 },
    );
  });
});
