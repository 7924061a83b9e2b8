import { describe, expect, it } from 'vitest';

import { foldEvents } from './fold';
import { simulate } from './histories.fixture';
import { placeOf, segmentsOf, ticksOf, timeScale } from './timeline';

const definition = {
  StartAt: 'Try',
  States: {
    Try: {
      Type: 'Task',
      Retry: [{ ErrorEquals: ['Odd'], IntervalSeconds: 4, MaxAttempts: 2, BackoffRate: 2 }],
      Next: 'Sleep',
    },
    Sleep: { Type: 'Wait', Seconds: 3600, Next: 'Again' },
    Again: { Type: 'Task', End: true },
  },
};
const events = simulate(definition, '{}', {
  task: (name, attempt) =>
    name === 'Try' && attempt < 2 ? { ms: 1000, error: 'Odd' } : { ms: 2000 },
  startedAt: 1000,
});
const model = foldEvents(events);

describe('segments', () => {
  it('are attempts with the waiting between them', () => {
    const [visit] = model.visits;
    expect(visit && segmentsOf(visit, 0)).toEqual([
      { kind: 'failed', from: 1000, to: 1001, attempt: 0 },
      { kind: 'backoff', from: 1001, to: 1005, attempt: null },
      { kind: 'failed', from: 1005, to: 1006, attempt: 1 },
      { kind: 'backoff', from: 1006, to: 1014, attempt: null },
      { kind: 'succeeded', from: 1014, to: 1016, attempt: 2 },
    ]);
  });

  it('go on to the present while nothing has ended them', () => {
    const upTo = events.findIndex(({ type }) => type === 'TaskFailed') + 1;
    const [visit] = foldEvents(events.slice(0, upTo)).visits;
    expect(visit && segmentsOf(visit, 1003).at(-1)).toEqual({
      kind: 'backoff',
      from: 1001,
      to: 1003,
      attempt: null,
    });
  });

  it('say what a Wait is', () => {
    const visit = model.visits[1];
    expect(visit && segmentsOf(visit, 0)).toEqual([
      { kind: 'wait', from: 1016, to: 4616, attempt: null },
    ]);
  });
});

describe('the axis', () => {
  it('is even where idle time is shown', () => {
    const scale = timeScale(model, 0, false);
    expect([scale.begin, scale.end]).toEqual([1000, 4618]);
    expect(placeOf(scale, 1000)).toBe(0);
    expect(placeOf(scale, 2809)).toBeCloseTo(0.5);
    expect(placeOf(scale, 4618)).toBe(1);
  });

  it('folds idle time, keeps the order, and covers everything once', () => {
    const scale = timeScale(model, 0, true);
    expect(scale.pieces.map(({ from, to, idle }) => [from, to, idle])).toEqual([
      [1000, 1016, false],
      [1016, 4616, true],
      [4616, 4618, false],
    ]);
    expect(scale.pieces.reduce((sum, { length }) => sum + length, 0)).toBeCloseTo(1);
    expect(placeOf(scale, 1016)).toBeGreaterThan(0.8);
    const moments = [1000, 1001, 1016, 2000, 4616, 4617, 4618];
    const places = moments.map((moment) => placeOf(scale, moment));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places.at(-1)).toBeCloseTo(1);
  });

  it('folds just the gaps that are long enough, in whatever order things ended', () => {
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const [first] = model.visits;
    if (!first) throw new Error('Nothing ran.');
    for (let round = 0; round < 200; round++) {
      const visits = Array.from({ length: 1 + Math.floor(random() * 12) }, () => {
        const enteredAt = 1000 + random() * 90;
        const exitedAt = enteredAt + random() * 10;
        return { ...first, attempts: [], enteredAt, exitedAt };
      });
      const moments = visits.flatMap(({ enteredAt, exitedAt }) => [enteredAt, exitedAt]);
      const marks = [1000, ...moments.sort((a, b) => a - b), 1100];
      const gaps = marks.flatMap((to, nth) => {
        const from = marks[nth - 1] ?? to;
        return to - from >= 8 ? [[from, to] as const] : [];
      });
      const left = gaps.reduce((rest, [from, to]) => rest - (to - from), 100);
      const scale = timeScale({ ...model, visits, startedAt: 1000, endedAt: 1100 }, 0, true);
      const folded = scale.pieces.filter(({ idle }) => idle).map(({ from, to }) => [from, to]);
      // Nobody worked on anything: what lasts no second is not worth folding the rest for.
      expect(folded).toEqual(left < 1 ? [] : gaps);
    }
  });

  it('is whole where nothing would be left to see beside what is folded', () => {
    const waiting = { StartAt: 'Nap', States: { Nap: { Type: 'Wait', Seconds: 600, End: true } } };
    const history = simulate(waiting, '{}', { task: () => ({ ms: 1 }), startedAt: 1000 });
    const entered = history.findIndex(({ type }) => type === 'WaitStateEntered') + 1;
    for (const [events, now] of [
      [history.slice(0, entered), 1090],
      [history, 0],
    ] as const) {
      const scale = timeScale(foldEvents(events), now, true);
      expect(scale.pieces.map(({ idle }) => idle)).toEqual([false]);
      expect(ticksOf(scale, 8).length).toBeGreaterThan(3);
    }
  });

  it('has round ticks, none in folded time', () => {
    expect(ticksOf(timeScale(model, 0, false), 8)).toEqual([
      0, 500, 1000, 1500, 2000, 2500, 3000, 3500,
    ]);
    expect(ticksOf(timeScale(model, 0, true), 4)).toEqual([0, 5, 10, 15]);
  });

  it('has length before anything has happened', () => {
    const scale = timeScale(foldEvents(events.slice(0, 1)), 1000, true);
    expect(scale.end).toBeGreaterThan(scale.begin);
    expect(placeOf(scale, 1000)).toBe(0);
  });
});
