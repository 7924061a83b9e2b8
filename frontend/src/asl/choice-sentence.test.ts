import { describe, expect, it } from 'vitest';

import { choiceSentence } from './choice-sentence';
import type { ChoiceRule } from './definition';

describe('a choice rule as a sentence', () => {
  const cases: [ChoiceRule, string][] = [
    [{ Variable: '$.total', NumericGreaterThan: 100, Next: 'A' }, 'total > 100'],
    [{ Variable: '$.total', NumericLessThanEqualsPath: '$.limit' }, 'total ≤ limit'],
    [{ Variable: '$.status', StringEquals: 'paid' }, 'status is "paid"'],
    [{ Variable: '$.name', StringMatches: 'a*' }, 'name matches "a*"'],
    [{ Variable: '$.ok', BooleanEquals: true }, 'ok is true'],
    [{ Variable: '$.ok', BooleanEqualsPath: '$.other' }, 'ok is other'],
    [{ Variable: '$.card', IsPresent: false }, 'card is missing'],
    [{ Variable: '$.card', IsNull: true }, 'card is null'],
    [
      { Variable: '$.due', TimestampLessThan: '2026-01-01T00:00:00Z' },
      'due is before 2026-01-01T00:00:00Z',
    ],
    [{ Variable: '$', IsString: true }, 'input is a string'],
    [{ Variable: '$$.Execution.Name', StringEquals: 'x' }, '$$.Execution.Name is "x"'],
    [{ Not: { Variable: '$.a', StringEquals: 'x' } }, 'not a is "x"'],
    [
      {
        And: [
          { Variable: '$.a', NumericEquals: 1 },
          {
            Or: [
              { Variable: '$.b', IsNull: true },
              { Variable: '$.c', IsNull: false },
            ],
          },
        ],
      },
      'a is 1 and (b is null or c is not null)',
    ],
    [{ Condition: '{% $total > 3 %}', Next: 'A' }, '$total > 3'],
    [{ Variable: '$.a', FutureOperator: 3 }, 'a FutureOperator 3'],
  ];
  it.each(cases)('%j', (rule, expected) => {
    expect(choiceSentence(rule)).toBe(expected);
  });
});
