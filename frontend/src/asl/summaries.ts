/** What a state does, in one muted line on its card. */

import type { Json, State } from './definition';

/** 90 -> "1 min 30 s": whole units, at most two of them. */
export function seconds(total: number): string {
  if (total < 60) return `${total} s`;
  const units: [string, number][] = [
    ['d', 86400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ];
  const parts: string[] = [];
  let rest = total;
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(' ');
}

/** What a Task's Resource reaches: a Lambda function, an activity or a service's action. */
export interface Integration {
  service: string;
  action: string;
  pattern: 'response' | 'sync' | 'callback';
}

/** Takes a Resource ARN apart; null where it is none we know. */
export function integrationOf(resource: string): Integration | null {
  const parts = resource.split(':');
  if (parts[0] !== 'arn' || parts.length < 6) return null;
  const service = parts[2] ?? '';
  if (service === 'lambda') {
    return { service: 'lambda', action: parts[6] ?? parts[5] ?? '', pattern: 'response' };
  }
  if (parts[5] === 'activity') {
    return { service: 'activity', action: parts[6] ?? '', pattern: 'callback' };
  }
  const name = parts[5] === 'aws-sdk' ? (parts[6] ?? '') : (parts[5] ?? '');
  const last = (parts[5] === 'aws-sdk' ? parts[7] : parts[6]) ?? '';
  const [action = '', suffix = ''] = last.split('.');
  const pattern = suffix.startsWith('sync')
    ? 'sync'
    : suffix === 'waitForTaskToken'
      ? 'callback'
      : 'response';
  return { service: name, action, pattern };
}

function functionName(value: Json | undefined): string | null {
  if (typeof value !== 'string') return null;
  return value.startsWith('arn:') ? (value.split(':')[6] ?? value) : value;
}

function taskSummary(state: State): string {
  const integration = integrationOf(state.Resource ?? '');
  if (!integration) return state.Resource ?? 'no resource';
  const { service, action, pattern } = integration;
  if (service === 'lambda' && action !== 'invoke') return `invoke ${action}`;
  if (service === 'activity') return `activity ${action}`;
  if (service === 'approval') return 'ask a person';
  const suffix = pattern === 'sync' ? ', wait' : pattern === 'callback' ? ', wait for token' : '';
  if (service === 'lambda') {
    const input = typeof state.Arguments === 'object' ? state.Arguments : state.Parameters;
    const name = functionName(input?.FunctionName ?? input?.['FunctionName.$']);
    return `invoke ${name ?? 'a function'}${suffix}`;
  }
  return `${service} ${action}${suffix}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function waitSummary(state: State): string {
  if (typeof state.Seconds === 'number') return `wait ${seconds(state.Seconds)}`;
  if (typeof state.Seconds === 'string') return `wait ${state.Seconds} s`;
  if (state.SecondsPath) return `wait ${state.SecondsPath} s`;
  return `wait until ${state.TimestampPath ?? state.Timestamp ?? '?'}`;
}

/** Whether a Map runs each of its items in an execution of its own. */
export const isDistributed = (state: State): boolean =>
  state.ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED';

function mapSummary(state: State): string {
  const most = state.MaxConcurrency ?? state.MaxConcurrencyPath;
  const mode = isDistributed(state) ? 'distributed, ' : '';
  if (most === 1) return `${mode}one at a time`;
  if (most === undefined || most === 0) return `${mode}max ${mode ? '10,000' : '40'} at once`;
  return `${mode}max ${most} at once`;
}

/** One line saying what the state does: "invoke validate-order", "3 rules", "wait 5 min". */
export function summaryOf(state: State): string {
  switch (state.Type) {
    case 'Task':
      return taskSummary(state);
    case 'Choice':
      return plural(state.Choices?.length ?? 0, 'rule');
    case 'Wait':
      return waitSummary(state);
    case 'Parallel':
      return `${state.Branches?.length ?? 0} branch${state.Branches?.length === 1 ? '' : 'es'}`;
    case 'Map':
      return mapSummary(state);
    case 'Fail':
      return state.Error ?? state.ErrorPath ?? 'fail the execution';
    case 'Succeed':
      return 'end with success';
    case 'Pass':
      return state.Result === undefined ? 'reshape the data' : 'set a fixed result';
    default:
      return state.Type ?? 'no type';
  }
}
