import { describe, expect, it } from 'vitest';

import type { State } from './definition';
import { seconds, summaryOf } from './summaries';

describe('the one line on a card', () => {
  const cases: [State, string][] = [
    [
      { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:123456789012:function:validate-order' },
      'invoke validate-order',
    ],
    [
      {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'arn:aws:lambda:us-east-1:1:function:pay' },
      },
      'invoke pay',
    ],
    [{ Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:getObject' }, 's3 getObject'],
    [
      { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' },
      'sqs sendMessage, wait for token',
    ],
    [
      { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2' },
      'states startExecution, wait',
    ],
    [{ Type: 'Task', Resource: 'arn:aws:states:us-east-1:1:activity:approve' }, 'activity approve'],
    [{ Type: 'Choice', Choices: [{}, {}, {}] }, '3 rules'],
    [{ Type: 'Wait', Seconds: 300 }, 'wait 5 min'],
    [{ Type: 'Wait', SecondsPath: '$.delay' }, 'wait $.delay s'],
    [{ Type: 'Wait', Timestamp: '2026-01-01T00:00:00Z' }, 'wait until 2026-01-01T00:00:00Z'],
    [{ Type: 'Map' }, 'max 40 at once'],
    [{ Type: 'Map', MaxConcurrency: 1 }, 'one at a time'],
    [{ Type: 'Parallel', Branches: [{}, {}] }, '2 branches'],
    [{ Type: 'Fail', Error: 'OutOfStock' }, 'OutOfStock'],
  ];
  it.each(cases)('%j', (state, expected) => {
    expect(summaryOf(state)).toBe(expected);
  });

  it('says durations in at most two units', () => {
    expect([5, 90, 3600, 90061].map(seconds)).toEqual(['5 s', '1 min 30 s', '1 h', '1 d 1 h']);
  });
});
