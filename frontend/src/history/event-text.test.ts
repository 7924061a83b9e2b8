import { describe, expect, it } from 'vitest';

import { causeMessage, eventDetail } from './event-text';

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

describe('eventDetail', () => {
  const started = (length: number) => ({
    id: 3,
    previousEventId: 2,
    timestamp: 0,
    type: 'MapStateStarted',
    mapStateStartedEventDetails: { length },
  });

  it('counts the items of a Map, but not of a distributed one, which says 0', () => {
    expect(eventDetail(started(1))).toBe('1 item');
    expect(eventDetail(started(3))).toBe('3 items');
    expect(eventDetail(started(0))).toBe('');
  });
});
