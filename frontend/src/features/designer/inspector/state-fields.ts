/** The fields of each state type in either query language, and the control that suits each. */

export type Control = 'text' | 'number' | 'json' | 'boolean' | 'expression';

export interface Field {
  name: string;
  control: Control;
  label: string;
  help: string;
  placeholder?: string;
  only?: 'JSONPath' | 'JSONata';
}

const field = (
  name: string,
  control: Control,
  label: string,
  help: string,
  more: Partial<Field> = {},
): Field => ({ name, control, label, help, ...more });

const PATH = { only: 'JSONPath' as const };
const NATA = { only: 'JSONata' as const };

const INPUT_PATH = field('InputPath', 'text', 'Input path', 'The part of the input it works on.', {
  ...PATH,
  placeholder: '$',
});
const OUTPUT_PATH = field('OutputPath', 'text', 'Output path', 'The part that goes on.', {
  ...PATH,
  placeholder: '$',
});
const RESULT_PATH = field('ResultPath', 'text', 'Result path', 'Where the result is put.', {
  ...PATH,
  placeholder: '$',
});
const SELECTOR = field('ResultSelector', 'json', 'Result selector', 'Shapes the result.', PATH);
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
const OUTPUT = field('Output', 'json', 'Output', 'What goes on. {% … %} is an expression.', NATA);
const ASSIGN = field('Assign', 'json', 'Assign', 'Variables that later states can read.');

const BY_TYPE: Record<string, Field[]> = {
  Task: [
    field('Resource', 'text', 'Resource', 'What is called.', {
      placeholder: 'arn:aws:states:::lambda:invoke',
    }),
    INPUT_PATH,
    PARAMETERS,
    ARGUMENTS,
    field('TimeoutSeconds', 'number', 'Time-out, seconds', 'It fails when it takes longer.'),
    field('HeartbeatSeconds', 'number', 'Heartbeat, seconds', 'It fails without a sign of life.'),
    SELECTOR,
    RESULT_PATH,
    OUTPUT_PATH,
    ASSIGN,
    OUTPUT,
  ],
  Pass: [
    INPUT_PATH,
    PARAMETERS,
    field('Result', 'json', 'Result', 'A fixed result.', PATH),
    RESULT_PATH,
    OUTPUT_PATH,
    ASSIGN,
    OUTPUT,
  ],
  Wait: [INPUT_PATH, OUTPUT_PATH, ASSIGN, OUTPUT],
  Choice: [INPUT_PATH, OUTPUT_PATH, ASSIGN, OUTPUT],
  Succeed: [INPUT_PATH, OUTPUT_PATH, OUTPUT],
  Fail: [
    field('Error', 'text', 'Error', 'The error name that catchers match.'),
    field('ErrorPath', 'text', 'Error from', 'A path or intrinsic function instead.', PATH),
    field('Cause', 'text', 'Cause', 'What went wrong, in plain words.'),
    field('CausePath', 'text', 'Cause from', 'A path or intrinsic function instead.', PATH),
  ],
  Parallel: [INPUT_PATH, PARAMETERS, ARGUMENTS, SELECTOR, RESULT_PATH, OUTPUT_PATH, ASSIGN, OUTPUT],
  Map: [
    INPUT_PATH,
    field('ItemsPath', 'text', 'Items path', 'Where the list of items is.', {
      ...PATH,
      placeholder: '$.items',
    }),
    field('Items', 'json', 'Items', 'A list, or {% … %} that gives one.', NATA),
    field('ItemSelector', 'json', 'Item selector', 'What each iteration is given.'),
    field('MaxConcurrency', 'number', 'At once, at most', 'Iterations at the same time.'),
    field('ToleratedFailurePercentage', 'number', 'Tolerated failures, %', 'Before the Map fails.'),
    field('ToleratedFailureCount', 'number', 'Tolerated failures', 'Before the Map fails.'),
    SELECTOR,
    RESULT_PATH,
    OUTPUT_PATH,
    ASSIGN,
    OUTPUT,
  ],
};

export const CAN_RETRY = new Set(['Task', 'Parallel', 'Map']);

/** The fields that a state of this type can have in this language. */
export const fieldsOf = (type: string, language: string): Field[] =>
  (BY_TYPE[type] ?? []).filter(({ only }) => only === undefined || only === language);
