/** What can be written in a field: paths into the data that reaches it, variables, functions. */

import type { Offered } from '@/api/definitions';

/** The moment in a state's life at which a field is evaluated. */
export type Stage = 'input' | 'effective' | 'result' | 'selected' | 'combined' | 'error';

/** The context object, as both languages name it below `$$` and `$states.context`. */
const CONTEXT = [
  'Execution.Id',
  'Execution.Input',
  'Execution.Name',
  'Execution.RedriveCount',
  'Execution.RoleArn',
  'Execution.StartTime',
  'State.EnteredTime',
  'State.Name',
  'State.RetryCount',
  'StateMachine.Id',
  'StateMachine.Name',
  'Task.Token',
  'Map.Item.Index',
  'Map.Item.Value',
];

const INTRINSICS = [
  'Format',
  'StringToJson',
  'JsonToString',
  'JsonMerge',
  'Array',
  'ArrayPartition',
  'ArrayContains',
  'ArrayRange',
  'ArrayGetItem',
  'ArrayLength',
  'ArrayUnique',
  'Base64Encode',
  'Base64Decode',
  'Hash',
  'MathAdd',
  'MathRandom',
  'StringSplit',
  'UUID',
];

const ERROR_PATHS = ['$', '$.Error', '$.Cause'];

/** Everything that can stand at a stage, the state's own data first. */
export function offersAt(stage: Stage, offered: Offered, language: string): string[] {
  const variables = offered.variables.map((name) => `$${name}`);
  if (language === 'JSONata') {
    const below = (root: string, paths: readonly string[]) =>
      paths.map((path) => root + path.slice(1));
    return [
      ...below('$states.input', offered.input),
      ...(stage === 'result' ? below('$states.result', offered.result) : []),
      ...(stage === 'error' ? below('$states.errorOutput', ERROR_PATHS) : []),
      ...variables,
      ...CONTEXT.map((path) => `$states.context.${path}`),
    ];
  }
  return [
    ...(stage === 'error' ? ERROR_PATHS : offered[stage]),
    ...variables,
    ...CONTEXT.map((path) => `$$.${path}`),
    ...INTRINSICS.map((name) => `States.${name}(`),
  ];
}

/** The path or function that is being written just before the caret, or null. */
export function tokenBefore(text: string, caret: number): { from: number; token: string } | null {
  const found = /(?:\$|\bStates\.|\bState?s?$)[\w$.[\]'*-]*$/.exec(text.slice(0, caret));
  return found ? { from: found.index, token: found[0] } : null;
}

const MOST = 40;

/** Those that go on from what is written; none where it is complete already. */
export function matching(options: readonly string[], token: string): string[] {
  const wanted = token.toLowerCase();
  const found = [...new Set(options)].filter((each) => each.toLowerCase().startsWith(wanted));
  if (found.length === 1 && found[0] === token) return [];
  return found.slice(0, MOST);
}
