import { expect, it } from 'vitest';

import type { Divergence } from '@/api/what-ifs';
import type { HistoryEvent } from '@/history/event';

import { pathsOf, sentenceOf, stateOf, statesLeftOut } from './paths';

function history(...names: string[]): HistoryEvent[] {
  const events: HistoryEvent[] = [
    { id: 1, previousEventId: 0, timestamp: 1, type: 'ExecutionStarted' },
  ];
  const add = (type: string, details: Record<string, unknown>) =>
    events.push({
      id: events.length + 1,
      previousEventId: events.length,
      timestamp: events.length + 1,
      type,
      ...details,
    });
  for (const name of names) {
    add('PassStateEntered', { stateEnteredEventDetails: { name, input: '{}' } });
    add('PassStateExited', { stateExitedEventDetails: { name, output: '{}' } });
  }
  add('ExecutionSucceeded', { executionSucceededEventDetails: { output: '{}' } });
  return events;
}

const divergence = (more: Partial<Divergence>): Divergence => ({
  kind: 'PATH',
  place: 'A',
  scope: null,
  pointer: '',
  recorded: 'B',
  replayed: 'C',
  event: 4,
  message: '',
  ...more,
});
const names = new Set(['A', 'B', 'C']);

it('tells the two ways apart, and where they part', () => {
  const paths = pathsOf(history('A', 'B'), history('A', 'C'), [divergence({})], names);
  expect([...paths.marks]).toEqual([
    ['A', { went: 'both', diverges: 'went on with B, now with C' }],
    ['B', { went: 'recorded', diverges: null }],
    ['C', { went: 'replayed', diverges: null }],
  ]);
  expect([...paths.left].some((each) => each.includes('B'))).toBe(true);
  expect([...paths.taken].some((each) => each.includes('B'))).toBe(false);
});

it('finds the state of an iteration, also where a name looks like one', () => {
  expect(stateOf('A[2][0]', names)).toBe('A');
  expect(stateOf('X[2]', new Set(['X[2]']))).toBe('X[2]');
});

it('says what differs in a sentence', () => {
  expect(sentenceOf(divergence({}))).toBe('A: goes on with C, not B');
  const status = { kind: 'STATUS', place: null, recorded: '"SUCCEEDED"', replayed: '"TIMED_OUT"' };
  expect(sentenceOf(divergence(status as Partial<Divergence>))).toBe(
    'Ends timed out, not succeeded',
  );
});

it('knows which states only the recording has', () => {
  const pass = { Type: 'Pass', End: true };
  const ran = { StartAt: 'A', States: { A: pass, B: pass } };
  expect(statesLeftOut(ran, { StartAt: 'A', States: { A: pass } })).toEqual(['B']);
});
