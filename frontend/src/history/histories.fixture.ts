/**
 * A toy that runs definitions and writes histories as AWS does, for tests and for looking at pages
 * without an engine. It knows no data flow: inputs are passed on, Tasks answer what they are told.
 */

import { innerScopes, type Scope, type State } from '@/asl/definition';

import type { HistoryEvent } from './event';

export interface Answer {
  /** How long the work takes, in milliseconds. */
  ms: number;
  error?: string;
  cause?: string;
  output?: string;
}

export interface Behaviour {
  /** What a Task answers. Attempts count from 0; `items` are the Map indexes around it. */
  task: (name: string, attempt: number, items: number[]) => Answer;
  /** How many items a Map has. */
  length?: (name: string) => number;
  /** Where a Choice goes. */
  choice?: (name: string, visit: number, targets: string[]) => string;
  startedAt?: number;
}

interface Failure {
  error: string;
  cause: string;
}

interface Thread {
  last: number;
  items: number[];
}

type Result = { output: string } | { failure: Failure };
type Step = Generator<number | Promised, Result>;

/** Several threads run side by side; done when all have ended or one has failed. */
interface Promised {
  all: Step[];
  most: number;
  results: Result[];
  failed: Failure | null;
}

const TIMEOUT = 'States.Timeout';

class Toy {
  readonly events: HistoryEvent[] = [];
  private now: number;
  private readonly visits = new Map<string, number>();
  private readonly queue: { at: number; order: number; run: () => void }[] = [];
  private order = 0;

  constructor(private readonly behaviour: Behaviour) {
    this.now = behaviour.startedAt ?? 1_790_000_000;
  }

  emit(thread: Thread, type: string, details?: Record<string, unknown>, leaf = false): number {
    const id = this.events.length + 1;
    const key = details && (details.$key as string | undefined);
    const event: HistoryEvent = {
      timestamp: Math.round(this.now * 1000) / 1000,
      type,
      id,
      previousEventId: thread.last,
    };
    if (details) {
      const rest = { ...details };
      delete rest.$key;
      const name = key ?? type.charAt(0).toLowerCase() + type.slice(1);
      event[`${name}EventDetails`] = rest;
    }
    this.events.push(event);
    if (!leaf) thread.last = id;
    return id;
  }

  /** Runs a thread until it waits, and comes back to it when the time has come. */
  private drive(step: Step, done: (result: Result) => void, cancelled: () => boolean) {
    if (cancelled()) return;
    const { value, done: ended } = step.next();
    if (ended) {
      done(value);
      return;
    }
    const again = () => this.drive(step, done, cancelled);
    if (typeof value === 'number') {
      this.queue.push({ at: this.now + value / 1000, order: this.order++, run: again });
      return;
    }
    let begun = 0;
    let ending = 0;
    const stop = () => cancelled() || value.failed !== null;
    const beginNext = () => {
      const place = begun++;
      const child = value.all[place];
      if (!child) return;
      this.drive(
        child,
        (result) => {
          value.results[place] = result;
          ending++;
          if ('failure' in result) value.failed = result.failure;
          if (value.failed || ending === value.all.length) again();
          else beginNext();
        },
        stop,
      );
    };
    if (value.all.length === 0) again();
    for (let i = 0; i < Math.min(value.most, value.all.length); i++) beginNext();
  }

  run(step: Step, done: (result: Result) => void) {
    this.drive(step, done, () => false);
    for (let next = this.pop(); next; next = this.pop()) {
      this.now = next.at;
      next.run();
    }
  }

  private pop() {
    this.queue.sort((a, b) => a.at - b.at || a.order - b.order);
    return this.queue.shift();
  }

  *scope(scope: Scope, input: string, thread: Thread): Step {
    let name: string | undefined = scope.StartAt;
    let data = input;
    while (name !== undefined) {
      const state: State | undefined = scope.States?.[name];
      if (!state) break;
      const type = state.Type ?? 'Pass';
      this.emit(thread, `${type}StateEntered`, {
        $key: 'stateEntered',
        name,
        input: data,
        inputDetails: { truncated: false },
      });
      if (type === 'Fail') {
        return { failure: { error: state.Error ?? 'Failed', cause: state.Cause ?? '' } };
      }
      const result = yield* this.work(name, state, data, thread);
      let next: string | undefined = state.Next;
      if ('failure' in result) {
        const { error, cause } = result.failure;
        const catcher = state.Catch?.find(
          ({ ErrorEquals = [] }) =>
            ErrorEquals.includes('States.ALL') || ErrorEquals.includes(error),
        );
        if (!catcher) return result;
        data = JSON.stringify({
          ...(JSON.parse(input) as object),
          error: { Error: error, Cause: cause },
        });
        next = catcher.Next;
      } else {
        data = result.output;
      }
      if (type === 'Choice') {
        const visit = this.visits.get(name) ?? 0;
        this.visits.set(name, visit + 1);
        const targets = [...(state.Choices ?? []).map((rule) => rule.Next), state.Default].filter(
          (target) => target !== undefined,
        );
        next = this.behaviour.choice?.(name, visit, targets) ?? state.Default ?? targets[0];
      }
      this.emit(thread, `${type}StateExited`, {
        $key: 'stateExited',
        name,
        output: data,
        outputDetails: { truncated: false },
      });
      name = next;
    }
    return { output: data };
  }

  private *work(name: string, state: State, input: string, thread: Thread): Step {
    if (state.Type === 'Wait') {
      yield (typeof state.Seconds === 'number' ? state.Seconds : 1) * 1000;
    }
    if (state.Type !== 'Task' && state.Type !== 'Parallel' && state.Type !== 'Map') {
      return { output: input };
    }
    for (let attempt = 0; ; attempt++) {
      const result =
        state.Type === 'Task'
          ? yield* this.task(name, input, thread, attempt)
          : yield* this.inside(name, state, input, thread);
      if (!('failure' in result)) return result;
      const { error } = result.failure;
      const retrier = state.Retry?.find(
        ({ ErrorEquals = [] }) => ErrorEquals.includes('States.ALL') || ErrorEquals.includes(error),
      );
      if (!retrier || attempt >= (retrier.MaxAttempts ?? 3)) {
        if (state.Type !== 'Task') this.emit(thread, `${state.Type}StateFailed`);
        return result;
      }
      yield (retrier.IntervalSeconds ?? 1) * 1000 * (retrier.BackoffRate ?? 2) ** attempt;
    }
  }

  private *task(name: string, input: string, thread: Thread, attempt: number): Step {
    const about = { resourceType: 'lambda', resource: 'invoke' };
    const answer = this.behaviour.task(name, attempt, thread.items);
    const parameters = JSON.stringify({
      FunctionName: name,
      Payload: JSON.parse(input) as unknown,
    });
    this.emit(thread, 'TaskScheduled', { ...about, region: 'us-east-1', parameters });
    this.emit(thread, 'TaskStarted', about);
    yield answer.ms;
    if (answer.error === undefined) {
      const output = answer.output ?? input;
      this.emit(thread, 'TaskSucceeded', { ...about, output, outputDetails: { truncated: false } });
      return { output };
    }
    const failure = { error: answer.error, cause: answer.cause ?? '' };
    this.emit(thread, failure.error === TIMEOUT ? 'TaskTimedOut' : 'TaskFailed', {
      ...about,
      ...failure,
    });
    return { failure };
  }

  private *inside(name: string, state: State, input: string, thread: Thread): Step {
    const scopes = innerScopes(state);
    const isMap = state.Type === 'Map';
    const length = isMap ? (this.behaviour.length?.(name) ?? 3) : scopes.length;
    const threads: Thread[] = [];
    this.emit(
      thread,
      `${state.Type ?? ''}StateStarted`,
      isMap ? { length, $key: 'mapStateStarted' } : undefined,
    );
    const step = (index: number): Step => {
      const inner: Thread = {
        last: thread.last,
        items: isMap ? [...thread.items, index] : thread.items,
      };
      threads.push(inner);
      return this.branch(name, scopes[isMap ? 0 : index] ?? {}, index, isMap, input, inner);
    };
    const together: Promised = {
      all: Array.from({ length }, (_, index) => step(index)),
      most: isMap && typeof state.MaxConcurrency === 'number' ? state.MaxConcurrency || 40 : 40,
      results: [],
      failed: null,
    };
    yield together;
    thread.last = Math.max(thread.last, ...threads.map(({ last }) => last));
    if (together.failed) return { failure: together.failed };
    this.emit(thread, `${state.Type ?? ''}StateSucceeded`, undefined, isMap);
    const outputs = together.results.map((result) => ('output' in result ? result.output : 'null'));
    return { output: `[${outputs.join(',')}]` };
  }

  private *branch(
    name: string,
    scope: Scope,
    index: number,
    isMap: boolean,
    input: string,
    thread: Thread,
  ): Step {
    if (isMap) this.emit(thread, 'MapIterationStarted', { name, index });
    const result = yield* this.scope(
      scope,
      isMap ? JSON.stringify({ item: index }) : input,
      thread,
    );
    if (isMap) {
      const outcome = 'failure' in result ? 'Failed' : 'Succeeded';
      this.emit(thread, `MapIteration${outcome}`, { name, index }, true);
    }
    return result;
  }
}

/** The whole history of an execution of the definition. */
export function simulate(definition: Scope, input: string, behaviour: Behaviour): HistoryEvent[] {
  const toy = new Toy(behaviour);
  toy.emit({ last: 0, items: [] }, 'ExecutionStarted', {
    input,
    inputDetails: { truncated: false },
    roleArn: 'arn:aws:iam::123456789012:role/stepwell',
  });
  const thread: Thread = { last: 0, items: [] };
  toy.run(toy.scope(definition, input, thread), (result) => {
    if ('failure' in result) toy.emit(thread, 'ExecutionFailed', { ...result.failure });
    else {
      const outputDetails = { truncated: false };
      toy.emit(thread, 'ExecutionSucceeded', { output: result.output, outputDetails });
    }
  });
  return toy.events;
}
