/** The fields of each state type in either query language, and the control that suits each. */

import type { Stage } from '../offers/offers';

/** A `limit` is a number; in JSONPath its twin, with Path at the end of the name, takes it from the data. */
export type Control = 'text' | 'limit' | 'json';

export interface Field {
  name: string;
  control: Control;
  label: string;
  help: string;
  placeholder?: string;
  /** What its paths lead into. */
  stage?: Stage;
  only?: 'JSONPath' | 'JSONata';
}

const field = (
  name: string,
  control: Control,
  label: string,
  help: string,
  more: Partial<Field> = {},
): Field => ({ name, control, label, help, ...more });

const PATH = { only: 'JSONPath' as const, stage: 'effective' as const };
const NATA = { only: 'JSONata' as const, stage: 'input' as const };
const LIMIT = { stage: 'effective' as const };

const INPUT_PATH = field('InputPath', 'text', 'Input path', 'The part of the input it works on.', {
  ...PATH,
  stage: 'input',
  placeholder: '$',
});
const OUTPUT_PATH = field('OutputPath', 'text', 'Output path', 'The part that goes on.', {
  ...PATH,
  stage: 'combined',
  placeholder: '$',
});
const RESULT_PATH = field('ResultPath', 'text', 'Result path', 'Where the result is put.', {
  ...PATH,
  stage: 'input',
  placeholder: '$',
});
const SELECTOR = field('ResultSelector', 'json', 'Result selector', 'Shapes the result.', {
  ...PATH,
  stage: 'result',
});
const PARAMETERS = field(
  'Parameters',
  'json',
  'Parameters',
  'What is handed over. A name that ends in .$ takes its value from a path.',
  PATH,
);
const ARGUMENTS = field(
  'Arguments',
  'json',
  'Arguments',
  'What is handed over. {% … %} is an expression.',
  NATA,
);
const output = (stage: Stage) =>
  field('Output', 'json', 'Output', 'What goes on. {% … %} is an expression.', { ...NATA, stage });
const assign = (stage: Stage) =>
  field('Assign', 'json', 'Assign', 'Variables that later states can read.', { stage });
/** After work there is a result to name; elsewhere only what came in. */
const AFTER_WORK = [output('result'), assign('result')];
const AFTER_INPUT = [output('input'), assign('effective')];

const BY_TYPE: Record<string, Field[]> = {
  Task: [
    field('Resource', 'text', 'Resource', 'What is called.', {
      placeholder: 'arn:aws:states:::lambda:invoke',
    }),
    INPUT_PATH,
    PARAMETERS,
    ARGUMENTS,
    field(
      'TimeoutSeconds',
      'limit',
      'Time-out, s',
      'It fails with States.Timeout when it takes longer.',
      LIMIT,
    ),
    field(
      'HeartbeatSeconds',
      'limit',
      'Heartbeat, s',
      'It fails when there is no sign of life for so long.',
      LIMIT,
    ),
    field('Credentials', 'json', 'Credentials', 'The role to call it with.', LIMIT),
    SELECTOR,
    RESULT_PATH,
    OUTPUT_PATH,
    ...AFTER_WORK,
  ],
  Pass: [
    INPUT_PATH,
    PARAMETERS,
    field('Result', 'json', 'Result', 'A fixed result.', PATH),
    RESULT_PATH,
    OUTPUT_PATH,
    ...AFTER_INPUT,
  ],
  Wait: [INPUT_PATH, OUTPUT_PATH, ...AFTER_INPUT],
  Choice: [INPUT_PATH, OUTPUT_PATH, ...AFTER_INPUT],
  Succeed: [INPUT_PATH, OUTPUT_PATH, output('input')],
  Fail: [
    field('Error', 'text', 'Error', 'The error name that catchers match.'),
    field('ErrorPath', 'text', 'Error from', 'A path or intrinsic function instead.', PATH),
    field('Cause', 'text', 'Cause', 'What went wrong, in plain words.'),
    field('CausePath', 'text', 'Cause from', 'A path or intrinsic function instead.', PATH),
  ],
  Parallel: [INPUT_PATH, PARAMETERS, ARGUMENTS, SELECTOR, RESULT_PATH, OUTPUT_PATH, ...AFTER_WORK],
  Map: [
    INPUT_PATH,
    field('ItemsPath', 'text', 'Items path', 'Where the list of items is.', {
      ...PATH,
      placeholder: '$.items',
    }),
    field('Items', 'json', 'Items', 'A list, or {% … %} that gives one.', NATA),
    field('ItemSelector', 'json', 'Item selector', 'What each iteration is given.', LIMIT),
    field(
      'MaxConcurrency',
      'limit',
      'At once, at most',
      'So many iterations at the same time; 0 sets no bound.',
      LIMIT,
    ),
    SELECTOR,
    RESULT_PATH,
    OUTPUT_PATH,
    ...AFTER_WORK,
  ],
};

/** What a Map says of its items, beside what every state says of its data. */
export const OF_ITEMS = new Set(['ItemsPath', 'Items', 'ItemSelector', 'MaxConcurrency']);

export const CAN_RETRY = new Set(['Task', 'Parallel', 'Map']);

/** The fields that a state of this type can have in this language. */
export const fieldsOf = (type: string, language: string): Field[] =>
  (BY_TYPE[type] ?? []).filter(({ only }) => only === undefined || only === language);
