/** Patterns: pieces of workflow that people know by name, whole and ready to be adapted. */

import type { Scope, State } from '@/asl/definition';
import { FOLLOW } from '@/asl/edit';
import type { AnyState } from '@/asl/edit/scopes';
import { withNext } from '@/asl/edit/targets';

import type { PaletteItem, QueryLanguage } from './items';

const LAMBDA = 'arn:aws:states:::lambda:invoke';
const ANY = ['States.ALL'];

type More = Partial<State> & Record<string, unknown>;

/** A Task that waits a day for somebody's yes or no; the data goes on with the decision beside it. */
export function askAPerson(language: QueryLanguage): State {
  const question = {
    Title: 'Shall this go on?',
    Question: 'Say here what is to be decided, and what one must know.',
    Form: [{ Name: 'note', Label: 'Note', Type: 'text' }],
    Approvers: { Users: [] },
  };
  const task: State & { TimeoutSeconds: number } = {
    Type: 'Task',
    Resource: 'arn:aws:states:::approval:request.waitForTaskToken',
    TimeoutSeconds: 86400,
  };
  return language === 'JSONata'
    ? {
        ...task,
        Arguments: { ...question, Context: { Input: '{% $states.input %}' } },
        ...({ Output: '{% $merge([$states.input, {"approval": $states.result}]) %}' } as State),
      }
    : {
        ...task,
        Parameters: { ...question, Context: { 'Input.$': '$' } },
        ...({ ResultPath: '$.approval' } as State),
      };
}

/** The parts of a pattern in either language. */
function parts(language: QueryLanguage) {
  const jsonata = language === 'JSONata';
  const call = (name: string, next: string, more: More = {}): State => ({
    Type: 'Task',
    Resource: LAMBDA,
    ...(jsonata
      ? { Arguments: { FunctionName: name, Payload: '{% $states.input %}' } }
      : { Parameters: { FunctionName: name, 'Payload.$': '$' } }),
    ...(jsonata ? { Output: '{% $states.result.Payload %}' } : { OutputPath: '$.Payload' }),
    Next: next,
    ...more,
  });
  const rule = (path: string, value: string, next: string) =>
    jsonata
      ? { Condition: `{% $states.input.${path} = '${value}' %}`, Next: next }
      : { Variable: `$.${path}`, StringEquals: value, Next: next };
  const caught = (next: string) =>
    jsonata
      ? [
          {
            ErrorEquals: ANY,
            Output: '{% $merge([$states.input, {"error": $states.errorOutput}]) %}',
            Next: next,
          },
        ]
      : [{ ErrorEquals: ANY, ResultPath: '$.error', Next: next }];
  return { jsonata, call, rule, caught };
}

export function patterns(language: QueryLanguage): PaletteItem[] {
  const { jsonata, call, rule, caught } = parts(language);
  const pattern = (label: string, hint: string, like: State, scope: Scope): PaletteItem => ({
    id: `pattern:${label}`,
    group: 'Patterns',
    label,
    hint,
    like,
    fragment: () => scope,
  });
  const failed = (cause: string): State => ({ Type: 'Fail', Error: 'Failed', Cause: cause });
  return [
    pattern(
      'Saga',
      'undoes in reverse order what was done',
      { Type: 'Parallel' },
      {
        StartAt: 'Reserve',
        States: {
          Reserve: call('reserve', 'Charge', { Catch: caught('Given up') }),
          Charge: call('charge', FOLLOW, { Catch: caught('Undo reserve') }),
          'Undo reserve': call('undo_reserve', 'Given up', {
            Retry: [{ ErrorEquals: ANY, MaxAttempts: 5, BackoffRate: 2 }],
          }),
          'Given up': failed('What had been done was undone.'),
        },
      },
    ),
    pattern('Human approval', 'waits until somebody has decided', askAPerson(language), {
      StartAt: 'Ask for approval',
      States: {
        'Ask for approval': {
          ...askAPerson(language),
          Catch: [
            {
              ErrorEquals: ['Approval.Rejected', 'States.Timeout'],
              ...(jsonata ? {} : { ResultPath: '$.refusal' }),
              Next: 'Not approved',
            },
          ],
          Next: FOLLOW,
        },
        'Not approved': failed('It was not approved.'),
      },
    }),
    pattern(
      'Polling',
      'asks again until it is ready',
      { Type: 'Wait' },
      {
        StartAt: 'Ask for status',
        States: {
          'Ask for status': call('get_status', 'Ready?'),
          'Ready?': {
            Type: 'Choice',
            Choices: [rule('status', 'READY', FOLLOW), rule('status', 'FAILED', 'Never ready')],
            Default: 'Wait a little',
          },
          'Wait a little': { Type: 'Wait', Seconds: 10, Next: 'Ask for status' },
          'Never ready': failed('It will not become ready.'),
        },
      },
    ),
    pattern(
      'Fan-out and fan-in',
      'works on all items, then on all results',
      { Type: 'Map' },
      {
        StartAt: 'For each item',
        States: {
          'For each item': {
            Type: 'Map',
            ...(jsonata
              ? ({ Items: '{% $states.input.items %}' } as State)
              : ({ ItemsPath: '$.items' } as State)),
            MaxConcurrency: 10,
            ItemProcessor: {
              ProcessorConfig: { Mode: 'INLINE' },
              StartAt: 'Work on item',
              States: { 'Work on item': last(call('work_on_item', '')) },
            },
            Next: 'Combine results',
          },
          'Combine results': call('combine_results', FOLLOW),
        },
      },
    ),
    pattern(
      'Circuit breaker',
      'stops calling what keeps failing',
      { Type: 'Choice' },
      {
        StartAt: 'Read circuit',
        States: {
          'Read circuit': call('read_circuit', 'Circuit open?'),
          'Circuit open?': {
            Type: 'Choice',
            Choices: [rule('circuit', 'OPEN', 'Not now')],
            Default: 'Call the service',
          },
          'Call the service': call('call_service', FOLLOW, { Catch: caught('Open circuit') }),
          'Open circuit': call('open_circuit', 'Not now'),
          'Not now': failed('The service does not answer at present.'),
        },
      },
    ),
    pattern(
      'Retry with fallback',
      'tries again, then does something else',
      { Type: 'Task', Resource: LAMBDA },
      {
        StartAt: 'Try',
        States: {
          Try: call('my_function', FOLLOW, {
            Retry: [{ ErrorEquals: ANY, IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2 }],
            Catch: caught('Fall back'),
          }),
          'Fall back': call('fall_back', FOLLOW),
        },
      },
    ),
  ];
}

/** The state as the last of its scope. */
const last = (state: State): State => withNext(state as AnyState, null);
