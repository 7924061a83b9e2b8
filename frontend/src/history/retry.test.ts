import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { parseDefinition, placesOf, type Retrier } from '@/asl/definition';

import type { HistoryEvent } from './event';
import { applyEvents, foldEvents } from './fold';
import { emptyModel, type Attempt, type ExecutionModel, type Visit } from './model';
import { isBetweenAttempts, retryDue, type RetryDue } from './retry';

const RECORDED = new URL('./recorded/', import.meta.url);
const EXAMPLES = new URL('../../../examples/', import.meta.url);

const histories = readdirSync(RECORDED).flatMap((file): [string, HistoryEvent[], string][] => {
  const example = /^(orders|images)-/.exec(file)?.[1];
  if (example === undefined) return [];
  const events = JSON.parse(readFileSync(new URL(file, RECORDED), 'utf8')) as HistoryEvent[];
  const definition = readFileSync(new URL(`${example}/definition.asl.json`, EXAMPLES), 'utf8');
  return [[file.replace('.json', ''), events, definition]];
});

describe.each(histories)('%s', (_, events, text) => {
  const parsed = parseDefinition(text);
  if (!parsed.ok) throw new Error(parsed.message);
  const places = placesOf(parsed.definition);
  const whole = foldEvents(events);
  const dueOf = (model: ExecutionModel) =>
    model.visits.map((visit): RetryDue | null =>
      retryDue(visit, places.get(visit.name)?.state.Retry),
    );

  it('is known from the failure on, live and loaded alike, and is kept', () => {
    let live = emptyModel;
    for (let upTo = 1; upTo <= events.length; upTo++) {
      live = applyEvents(live, events.slice(upTo - 1, upTo));
      const due = dueOf(live);
      expect(due).toEqual(dueOf(foldEvents(events.slice(0, upTo))));
      live.visits.forEach((visit, place) => {
        const next = whole.visits[place]?.attempts[visit.attempts.length];
        if (!isBetweenAttempts(visit) || !next) {
          expect(due[place]).toBeNull();
          return;
        }
        // Never before it is due, and soon after: what the engine itself did.
        const late = next.scheduledAt - (due[place]?.at ?? NaN);
        expect(late).toBeGreaterThanOrEqual(-0.0015);
        expect(late).toBeLessThan(0.5);
      });
    }
  });
});

it('was recorded with retries', () => {
  const retried = histories.filter(([, events]) =>
    foldEvents(events).visits.some(({ attempts }) => attempts.length > 1),
  );
  expect(retried.length).toBeGreaterThan(1);
});

/** A visit whose attempts ended with these errors, ten seconds apart. */
function failed(...errors: (string | null | Partial<Attempt>)[]): Visit {
  const attempts = errors.map((each, nth): Attempt => ({
    scheduledAt: nth * 10,
    startedAt: null,
    endedAt: nth * 10 + 5,
    status: 'FAILED',
    error: null,
    cause: null,
    scheduledBy: nth * 2 + 3,
    endedBy: nth * 2 + 4,
    redrive: 0,
    byWorker: false,
    worker: null,
    ...(typeof each === 'object' ? each : { error: each }),
  }));
  const [visit] = foldEvents([
    {
      id: 1,
      previousEventId: 0,
      timestamp: 0,
      type: 'TaskStateEntered',
      stateEnteredEventDetails: { name: 'Pay', input: '{}' },
    },
  ]).visits;
  if (!visit) throw new Error('The state is not entered');
  return { ...visit, attempts };
}

const cases: [string, Visit, Retrier[] | undefined, RetryDue | null][] = [
  ['has the defaults', failed('E'), [{ ErrorEquals: ['States.ALL'] }], { at: 6, latest: false }],
  ['doubles', failed('E', 'E'), [{ ErrorEquals: ['States.ALL'] }], { at: 17, latest: false }],
  ['ends', failed('E', 'E', 'E', 'E'), [{ ErrorEquals: ['States.ALL'] }], null],
  ['is not there', failed('E'), undefined, null],
  ['is of another error', failed('E'), [{ ErrorEquals: ['F'] }], null],
  [
    'has a limit, and jitter stays below it',
    failed('E'),
    [{ ErrorEquals: ['E'], IntervalSeconds: 60, MaxDelaySeconds: 30, JitterStrategy: 'FULL' }],
    { at: 35, latest: true },
  ],
  [
    'counts what its own Retrier answered',
    failed('E', 'F', 'E'),
    [{ ErrorEquals: ['E'], IntervalSeconds: 3 }, { ErrorEquals: ['States.TaskFailed'] }],
    { at: 31, latest: false },
  ],
  [
    'counts anew after a redrive',
    failed('E', 'E', { error: 'E', redrive: 1 }),
    [{ ErrorEquals: ['E'], MaxAttempts: 1 }],
    { at: 26, latest: false },
  ],
  [
    'is not of a time-out',
    failed('States.Timeout'),
    [{ ErrorEquals: ['States.TaskFailed'] }],
    null,
  ],
  ['is never of States.Runtime', failed('States.Runtime'), [{ ErrorEquals: ['States.ALL'] }], null],
  [
    'is of what is named alone only by its name',
    failed('States.DataLimitExceeded'),
    [{ ErrorEquals: ['States.ALL'] }],
    null,
  ],
  [
    'is not guessed where a heartbeat may have been missed',
    failed('States.Timeout'),
    [{ ErrorEquals: ['States.HeartbeatTimeout'] }, { ErrorEquals: ['States.ALL'] }],
    null,
  ],
  [
    'is not guessed where a result could not be used before',
    failed({ status: 'SUCCEEDED' }, 'E'),
    [{ ErrorEquals: ['States.ALL'] }],
    null,
  ],
];

it.each(cases)('%s', (_, visit, retriers, due) => {
  expect(retryDue(visit, retriers)).toEqual(due);
});
