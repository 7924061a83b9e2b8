import { describe, expect, it } from 'vitest';

import { indented, statementsOf, summaryOf } from './policy';

const text = JSON.stringify({
  Statement: [
    { Effect: 'Allow', Action: ['sqs:*', 'sns:Publish'], Resource: '*' },
    { Effect: 'Allow', Action: 'sqs:*', Resource: ['arn:a', 'arn:b'] },
    { Effect: 'Deny', Action: 'sqs:DeleteQueue', Resource: '*' },
  ],
});

describe('a policy', () => {
  it('is told in one line, each action once', () => {
    expect(summaryOf(text)).toBe('Allows sqs:*, sns:Publish; denies sqs:DeleteQueue');
    expect(summaryOf('{"Statement": []}')).toBe('Allows nothing');
  });

  it('that is being written may be broken', () => {
    for (const broken of ['', '{', '[]', '7', 'null', '{}']) {
      expect(statementsOf(broken)).toBeNull();
      expect(summaryOf(broken)).toBe('Cannot be read');
    }
    expect(indented('{')).toBe('{');
  });

  it('needs no list for one statement', () => {
    expect(
      statementsOf('{"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": "*"}}'),
    ).toEqual([{ effect: 'Allow', actions: ['a:b'], resources: ['*'] }]);
  });
});
