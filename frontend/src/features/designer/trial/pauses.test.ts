import { describe, expect, it } from 'vitest';

import type { HistoryEvent } from '@/history/event';

import { nextPause, stateOfPlace } from './pauses';

const base = { previousEventId: 0, timestamp: 0 };
const entered = (id: number, name: string): HistoryEvent => ({
  ...base,
  id,
  type: 'PassStateEntered',
  stateEnteredEventDetails: { name },
});
const exited = (id: number, name: string): HistoryEvent => ({
  ...base,
  id,
  type: 'PassStateExited',
  stateExitedEventDetails: { name },
});
const EVENTS: HistoryEvent[] = [
  { ...base, id: 1, type: 'ExecutionStarted' },
  entered(2, 'Pay'),
  exited(3, 'Pay'),
  entered(4, 'Ship'),
  exited(5, 'Ship'),
  { ...base, id: 6, type: 'ExecutionSucceeded' },
];

describe('a run of the draft', () => {
  it('pauses at every breakpoint in turn, then comes to its end', () => {
    const breakpoints = [
      { state: 'Ship', where: 'before' as const },
      { state: 'Pay', where: 'after' as const },
    ];
    const first = nextPause(EVENTS, breakpoints, 0);
    expect(first).toEqual({ shown: 3, state: 'Pay', where: 'after' });
    const second = nextPause(EVENTS, breakpoints, first?.shown ?? 0);
    expect(second).toEqual({ shown: 4, state: 'Ship', where: 'before' });
    expect(nextPause(EVENTS, breakpoints, second?.shown ?? 0)).toBeNull();
  });
  it('does not pause without any', () => {
    expect(nextPause(EVENTS, [], 0)).toBeNull();
  });
});

describe('the state of a place', () => {
  it('is its name without iterations', () => {
    expect(stateOfPlace('Pay[2][0]')).toBe('Pay');
    expect(stateOfPlace('Pay')).toBe('Pay');
    expect(stateOfPlace('a[b]')).toBe('a[b]');
  });
});
