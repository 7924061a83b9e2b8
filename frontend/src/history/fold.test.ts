import { describe, expect, it } from 'vitest';

import { generateDefinition } from '@/asl/layout/definitions.fixture';
import type { Definition } from '@/asl/definition';
import { transitionId } from '@/asl/transitions';

import type { HistoryEvent } from './event';
import { applyEvents, foldEvents } from './fold';
import { simulate, type Behaviour } from './histories.fixture';
import { emptyModel, isUnclaimed, retriesOf } from './model';
import { failureOf, iterationCounts, itemsAround, viewOf } from './view';

const fine: Behaviour = { task: () => ({ ms: 10 }) };

const saga: Definition = {
  StartAt: 'Validate',
  States: {
    Validate: { Type: 'Task', Next: 'Reserve items' },
    'Reserve items': {
      Type: 'Map',
      MaxConcurrency: 2,
      ItemProcessor: {
        StartAt: 'Reserve',
        States: { Reserve: { Type: 'Task', Next: 'Log' }, Log: { Type: 'Pass', End: true } },
      },
      Next: 'How to pay',
    },
    'How to pay': {
      Type: 'Choice',
      Choices: [{ Variable: '$.method', StringEquals: 'card', Next: 'Pay' }],
      Default: 'Invoice',
    },
    Pay: {
      Type: 'Task',
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Give back' }],
      Next: 'Finish',
    },
    Invoice: { Type: 'Pass', Next: 'Finish' },
    Finish: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Save', States: { Save: { Type: 'Task', End: true } } },
        { StartAt: 'Mail', States: { Mail: { Type: 'Task', End: true } } },
      ],
      End: true,
    },
    'Give back': { Type: 'Task', Next: 'Refused' },
    Refused: { Type: 'Fail', Error: 'PaymentRefused', Cause: 'The bank said no.' },
  },
};

const toCard = (_name: string, _visit: number, targets: string[]) => targets[0] ?? '';

describe('a success', () => {
  const model = foldEvents(simulate(saga, '{}', { ...fine, choice: toCard }));
  const view = viewOf(model, {});

  it('ends every state that was entered and leaves the others out', () => {
    expect(model.status).toBe('SUCCEEDED');
    expect([...view.states].map(([name, { status }]) => `${name} ${status}`)).toEqual([
      'Validate SUCCEEDED',
      'Reserve items SUCCEEDED',
      'How to pay SUCCEEDED',
      'Pay SUCCEEDED',
      'Finish SUCCEEDED',
      'Reserve SUCCEEDED',
      'Log SUCCEEDED',
      'Save SUCCEEDED',
      'Mail SUCCEEDED',
    ]);
  });

  it('knows which edges were taken', () => {
    expect(view.taken).toContain('start');
    expect(view.taken).toContain(transitionId('How to pay', 'Pay', 'choice'));
    expect(view.taken).toContain(transitionId('Reserve', 'Log', 'next'));
    expect(view.taken).toContain('end:Finish');
    expect(view.taken).not.toContain(transitionId('How to pay', 'Invoice', 'choice'));
  });

  it('counts the iterations of a Map and shows one that is picked', () => {
    const map = view.states.get('Reserve items');
    expect(map && iterationCounts(map)).toEqual({ counts: { SUCCEEDED: 3 }, waiting: 0 });
    expect(view.states.get('Reserve')?.counts).toEqual({ SUCCEEDED: 3 });
    const picked = viewOf(model, { 'Reserve items': 1 }).states.get('Reserve');
    expect(picked?.visits).toHaveLength(1);
    const visit = model.visits[picked?.current ?? -1];
    expect(visit && itemsAround(model, visit)).toEqual([{ map: 'Reserve items', index: 1 }]);
    expect(visit?.input).toBe('{"item":1}');
  });
});

describe('a failure that is caught', () => {
  const events = simulate(saga, '{}', {
    choice: toCard,
    task: (name) => (name === 'Pay' ? { ms: 5, error: 'Busy', cause: 'later' } : { ms: 5 }),
  });
  const model = foldEvents(events);
  const view = viewOf(model, {});

  it('keeps each attempt with its error and its time', () => {
    const pay = model.visits[view.states.get('Pay')?.current ?? -1];
    expect(pay?.status).toBe('CAUGHT');
    expect(pay?.attempts.map(({ status, error, cause }) => [status, error, cause])).toEqual(
      Array.from({ length: 3 }, () => ['FAILED', 'Busy', 'later']),
    );
    const starts = (pay?.attempts ?? []).map(({ scheduledAt }) => scheduledAt);
    expect(starts.slice(1).map((at, i) => Math.round(at - (starts[i] ?? 0)))).toEqual([1, 2]);
  });

  it('takes the catch edge and ends in the Fail state', () => {
    expect(view.taken).toContain(transitionId('Pay', 'Give back', 'catch'));
    expect(view.states.get('Refused')?.status).toBe('FAILED');
    const refused = model.visits[view.states.get('Refused')?.current ?? -1];
    expect(refused?.error).toBe('PaymentRefused');
    expect(model.status).toBe('FAILED');
    expect(model.error).toBe('PaymentRefused');
    expect(view.taken).toContain('end:Refused');
  });

  it('names the state that failed and the caught error that led to it', () => {
    const failure = failureOf(model);
    expect(failure?.visit.name).toBe('Refused');
    expect(failure?.error).toBe('PaymentRefused');
    expect(failure?.origin?.name).toBe('Pay');
    expect(failureOf(foldEvents(events.slice(0, -1)))).toBeNull();
  });

  it('says that a retry is due while it is', () => {
    const failed = events.findIndex(({ type }) => type === 'TaskFailed');
    const midway = viewOf(foldEvents(events.slice(0, failed + 1)), {});
    expect(midway.states.get('Pay')).toMatchObject({
      status: 'RUNNING',
      retrying: [{ name: 'Pay' }],
    });
  });
});

describe('a failure inside a Map', () => {
  it('is named by the innermost state', () => {
    const failure = failureOf(model);
    expect([failure?.visit.name, failure?.error]).toEqual(['Reserve', 'OutOfStock']);
    expect(failure?.origin).toBeNull();
  });

  const events = simulate(saga, '{}', {
    task: (name, _attempt, items) =>
      name === 'Reserve' && items[0] === 1
        ? { ms: 5, error: 'OutOfStock', cause: 'no more' }
        : { ms: 50 },
  });
  const model = foldEvents(events);
  const view = viewOf(model, {});

  it('fails the state, its iteration, the Map and the execution; aborts the rest', () => {
    expect(view.states.get('Reserve')?.counts).toEqual({ FAILED: 1, ABORTED: 1 });
    const map = view.states.get('Reserve items');
    expect(map?.status).toBe('FAILED');
    expect(map && iterationCounts(map)).toEqual({
      counts: { FAILED: 1, ABORTED: 1 },
      waiting: 1,
    });
    expect(model.visits[map?.current ?? -1]?.error).toBe('OutOfStock');
    expect(model.error).toBe('OutOfStock');
  });
});

describe('retrying a Map', () => {
  it('begins a new attempt without leaving the state', () => {
    const definition: Definition = {
      StartAt: 'M',
      States: {
        M: {
          Type: 'Map',
          Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }],
          ItemProcessor: { StartAt: 'T', States: { T: { Type: 'Task', End: true } } },
          End: true,
        },
      },
    };
    let calls = 0;
    const events = simulate(definition, '{}', {
      length: () => 1,
      task: () => (calls++ === 0 ? { ms: 1, error: 'E', cause: 'c' } : { ms: 1 }),
    });
    const model = foldEvents(events);
    const view = viewOf(model, {});
    const map = model.visits[view.states.get('M')?.current ?? -1];
    expect(map?.attempts.map(({ status, error }) => [status, error])).toEqual([
      ['FAILED', 'E'],
      ['SUCCEEDED', null],
    ]);
    expect(view.states.get('M')).toMatchObject({ status: 'SUCCEEDED', retries: 1 });
    expect(view.states.get('T')?.counts).toEqual({ SUCCEEDED: 1 });
  });
});

describe('an abort from outside', () => {
  it('ends what runs, and a time-out likewise', () => {
    const events = simulate(saga, '{}', fine).slice(0, 12);
    const last: HistoryEvent = {
      id: events.length + 1,
      previousEventId: 0,
      timestamp: (events.at(-1)?.timestamp ?? 0) + 1,
      type: 'ExecutionAborted',
    };
    const model = foldEvents([...events, last]);
    expect(model.status).toBe('ABORTED');
    expect(viewOf(model, {}).states.get('Reserve items')?.status).toBe('ABORTED');
    const late = foldEvents([...events, { ...last, type: 'ExecutionTimedOut' }]);
    expect(viewOf(late, {}).states.get('Reserve items')?.status).toBe('TIMED_OUT');
  });
});

describe('any history', () => {
  const behaviour = (seed: number): Behaviour => {
    let state = seed + 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    return {
      length: () => Math.floor(random() * 4),
      choice: (_name, visit, targets) =>
        (visit > 1 ? targets.at(-1) : targets[Math.floor(random() * targets.length)]) ?? '',
      task: () =>
        random() < 0.1
          ? { ms: random() * 90, error: 'Oops', cause: 'bad luck' }
          : { ms: random() * 90 },
    };
  };

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'gives the same model in pieces as at once (seed %i)',
    (seed) => {
      const definition = generateDefinition(seed, 30 + seed);
      const events = simulate(definition, '{}', behaviour(seed)).slice(0, 3000);
      const whole = foldEvents(events);
      let model = emptyModel;
      const before = structuredClone(emptyModel);
      for (let at = 0, size = 1; at < events.length; at += size, size = (size % 7) + 1) {
        const frozen = structuredClone(model);
        const next = applyEvents(model, events.slice(at, at + size));
        if (at < 200) expect(model).toEqual(frozen);
        model = next;
      }
      expect(model).toEqual(whole);
      expect(emptyModel).toEqual(before);
      // Told twice is told once.
      expect(applyEvents(model, events)).toEqual(whole);
      if (whole.status !== 'RUNNING') {
        expect(whole.visits.filter(({ status }) => status === 'RUNNING')).toEqual([]);
        expect(whole.frames.filter(({ status }) => status === 'RUNNING')).toEqual([]);
      }
      for (const event of events) {
        if (event.stateEnteredEventDetails) {
          const visit = whole.visits[whole.visitOf[event.id] ?? -1];
          expect(visit?.name).toBe(event.stateEnteredEventDetails.name);
        }
      }
    },
  );
});

describe('two items of a Map at work when one fails', () => {
  const at = (id: number, previousEventId: number, type: string, details = {}): HistoryEvent => ({
    id,
    previousEventId,
    type,
    timestamp: 1_700_000_000 + id,
    ...details,
  });
  const entered = (name: string) => ({
    stateEnteredEventDetails: { name, input: '1', inputDetails: { truncated: false } },
  });
  const iteration = (index: number) => ({ index, name: 'Each' });
  const model = foldEvents([
    at(1, 0, 'ExecutionStarted', { executionStartedEventDetails: { input: '[1,2]' } }),
    at(2, 0, 'MapStateEntered', entered('Each')),
    at(3, 2, 'MapStateStarted', { mapStateStartedEventDetails: { length: 2 } }),
    at(4, 3, 'MapIterationStarted', { mapIterationStartedEventDetails: iteration(0) }),
    at(5, 4, 'TaskStateEntered', entered('Work')),
    at(6, 3, 'MapIterationStarted', { mapIterationStartedEventDetails: iteration(1) }),
    at(7, 6, 'TaskStateEntered', entered('Work')),
    at(8, 5, 'LambdaFunctionScheduled', { lambdaFunctionScheduledEventDetails: {} }),
    at(9, 7, 'LambdaFunctionScheduled', { lambdaFunctionScheduledEventDetails: {} }),
    at(10, 8, 'LambdaFunctionFailed', {
      lambdaFunctionFailedEventDetails: { error: 'Broken', cause: 'so it is' },
    }),
    // The other item's Aborted events follow from the failure, not from what they are about.
    at(11, 10, 'TaskStateAborted'),
    at(12, 10, 'MapIterationAborted', { mapIterationAbortedEventDetails: iteration(1) }),
    at(13, 10, 'MapIterationFailed', { mapIterationFailedEventDetails: iteration(0) }),
    at(14, 10, 'MapStateFailed'),
    at(15, 14, 'ExecutionFailed', { executionFailedEventDetails: { error: 'Broken' } }),
  ]);

  it('shows the one as failed with its error and the other as aborted', () => {
    const work = model.visits.filter(({ name }) => name === 'Work');
    expect(work.map(({ status, error }) => [status, error])).toEqual([
      ['FAILED', 'Broken'],
      ['ABORTED', null],
    ]);
  });
});

describe('an error that ends the execution from within a branch', () => {
  const said: [string, number, Partial<HistoryEvent>?][] = [
    ['ExecutionStarted', 0],
    ['ParallelStateEntered', 0, { stateEnteredEventDetails: { name: 'Both' } }],
    ['ParallelStateStarted', 2],
    ['PassStateEntered', 3, { stateEnteredEventDetails: { name: 'Wrong' } }],
    ['WaitStateEntered', 3, { stateEnteredEventDetails: { name: 'Nap' } }],
    ['ExecutionFailed', 4, { executionFailedEventDetails: { error: 'States.Runtime' } }],
  ];
  const model = foldEvents(
    said.map(([type, previousEventId, details], index) => ({
      id: index + 1,
      previousEventId,
      type,
      timestamp: index,
      ...details,
    })),
  );

  it('shows what it came through as failed, and what ran beside it as aborted', () => {
    expect(model.visits.map(({ name, status }) => [name, status])).toEqual([
      ['Both', 'FAILED'],
      ['Wrong', 'FAILED'],
      ['Nap', 'ABORTED'],
    ]);
  });
});

describe('a redrive', () => {
  type Said = [type: string, previousEventId: number, details?: Partial<HistoryEvent>];
  const history = (...said: Said[]): HistoryEvent[] =>
    said.map(([type, previousEventId, details], index) => ({
      id: index + 1,
      previousEventId,
      type,
      timestamp: index,
      ...details,
    }));
  const entered = (name: string) => ({ stateEnteredEventDetails: { name } });
  const exited = (name: string) => ({ stateExitedEventDetails: { name, output: '1' } });
  const told = history(
    ['ExecutionStarted', 0],
    ['ParallelStateEntered', 0, entered('Both')],
    ['ParallelStateStarted', 2],
    ['TaskStateEntered', 3, entered('Fine')],
    ['LambdaFunctionScheduled', 4],
    ['LambdaFunctionSucceeded', 5],
    ['TaskStateExited', 6, exited('Fine')],
    ['TaskStateEntered', 3, entered('Bad')],
    ['LambdaFunctionScheduled', 8],
    ['LambdaFunctionFailed', 9, { lambdaFunctionFailedEventDetails: { error: 'Boom' } }],
    ['ParallelStateFailed', 10],
    ['ExecutionFailed', 11, { executionFailedEventDetails: { error: 'Boom' } }],
    ['ExecutionRedriven', 12],
    ['LambdaFunctionScheduled', 8],
    ['LambdaFunctionSucceeded', 14],
    ['TaskStateExited', 15, exited('Bad')],
    ['ParallelStateSucceeded', 16],
    ['ParallelStateExited', 17, exited('Both')],
    ['ExecutionSucceeded', 18, { executionSucceededEventDetails: { output: '1' } }],
  );
  const statuses = (count: number) => {
    const model = foldEvents(told.slice(0, count));
    return [model.status, ...model.visits.map(({ status }) => status)];
  };

  it('opens what had not been left, and nothing else', () => {
    expect(statuses(12)).toEqual(['FAILED', 'FAILED', 'SUCCEEDED', 'FAILED']);
    expect(statuses(13)).toEqual(['RUNNING', 'RUNNING', 'SUCCEEDED', 'RUNNING']);
    const model = foldEvents(told.slice(0, 13));
    expect([model.error, model.endedAt, failureOf(model)]).toEqual([null, null, null]);
  });

  it('ends like any other execution', () => {
    expect(statuses(19)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    const model = foldEvents(told);
    expect(model.visits.map(({ attempts }) => attempts.length)).toEqual([1, 1, 2]);
    // The second attempt is the redrive's first, and nobody's retry.
    expect(model.visits.map(retriesOf)).toEqual([0, 0, 0]);
    expect(model.visits[2]?.attempts.map(({ redrive }) => redrive)).toEqual([0, 1]);
  });

  it('fails again in a Fail state', () => {
    const model = foldEvents(
      history(
        ['ExecutionStarted', 0],
        ['FailStateEntered', 0, entered('No')],
        ['ExecutionFailed', 2, { executionFailedEventDetails: { error: 'Own' } }],
        ['ExecutionRedriven', 3],
        ['ExecutionFailed', 4, { executionFailedEventDetails: { error: 'Own' } }],
      ),
    );
    expect([model.status, model.error]).toEqual(['FAILED', 'Own']);
    expect(model.visits.map(({ status }) => status)).toEqual(['FAILED']);
  });
});

describe('an activity', () => {
  const at = (id: number, previousEventId: number, type: string, details = {}): HistoryEvent => ({
    id,
    previousEventId,
    type,
    timestamp: 1_700_000_000 + id,
    ...details,
  });
  const events = [
    at(1, 0, 'ExecutionStarted', { executionStartedEventDetails: { input: '{}' } }),
    at(2, 0, 'TaskStateEntered', { stateEnteredEventDetails: { name: 'Dig', input: '{}' } }),
    at(3, 2, 'ActivityScheduled', { activityScheduledEventDetails: {} }),
    at(4, 3, 'ActivityStarted', { activityStartedEventDetails: { workerName: 'ada' } }),
    at(5, 4, 'ActivityTimedOut', { activityTimedOutEventDetails: { error: 'States.Timeout' } }),
  ];
  const attempt = (count: number) => foldEvents(events.slice(0, count)).visits[0]?.attempts[0];

  it('waits for a worker until one takes it up', () => {
    const [waiting, taken, over] = [attempt(3), attempt(4), attempt(5)];
    expect([waiting, taken, over].map((each) => each && isUnclaimed(each))).toEqual([
      true,
      false,
      false,
    ]);
    expect([waiting?.worker, taken?.worker, over?.worker]).toEqual([null, 'ada', 'ada']);
    expect(over).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  });
});
