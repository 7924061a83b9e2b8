import { describe, expect, it } from 'vitest';

import { causeMessage } from './event-text';

describe('causeMessage', () => {
  it('leaves plain text as it is', () => {
    expect(causeMessage('no money')).toBe('no money');
    expect(causeMessage('{"a": 1}')).toBe('{"a": 1}');
  });

  it('finds the message of a function', () => {
    expect(causeMessage('{"errorType": "KeyError", "errorMessage": "no such key"}')).toBe(
      'no such key',
    );
  });

  it('tells how an execution ended that was waited for', () => {
    const cause = { ExecutionArn: 'arn', Name: 'child-1', Status: 'TIMED_OUT' };
    expect(causeMessage(JSON.stringify(cause))).toBe('child-1 timed out');
    const report = JSON.stringify({ errorMessage: 'no such key' });
    const failed = { ...cause, Status: 'FAILED', Error: 'KeyError', Cause: report };
    expect(causeMessage(JSON.stringify(failed))).toBe('child-1 failed: KeyError: no such key');
  });
});
