import { expect, test } from 'vitest';

import { actionWords, shortSubject } from './actions';

test('an action has words, and one that is not known its name', () => {
  expect(actionWords('execution.stop')).toBe('stopped execution');
  expect(actionWords('later.thing')).toBe('later.thing');
  expect(actionWords('toString')).toBe('toString');
});

test('of an ARN the end is shown', () => {
  expect(shortSubject('arn:aws:states:us-east-1:123456789012:execution:orders:one')).toBe(
    'orders:one',
  );
  expect(shortSubject('arn:aws:states:us-east-1:123456789012:stateMachine:orders')).toBe('orders');
  expect(shortSubject('ada')).toBe('ada');
  expect(shortSubject('arn:odd')).toBe('arn:odd');
});
