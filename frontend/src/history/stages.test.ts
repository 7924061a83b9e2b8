import { expect, it } from 'vitest';

import type { HistoryEvent } from './event';
import { foldEvents } from './fold';
import { stagesOf, variablesAt } from './stages';

const entered = (name: string, input: string) => ({
  stateEnteredEventDetails: { name, input },
});
const exited = (name: string, output: string, assignedVariables?: Record<string, string>) => ({
  stateExitedEventDetails: { name, output, ...(assignedVariables && { assignedVariables }) },
});

function written(...events: [type: string, details: object][]): HistoryEvent[] {
  return events.map(([type, details], nth) => ({
    id: nth + 1,
    previousEventId: nth,
    timestamp: 100 + nth,
    type,
    ...details,
  }));
}

const events = written(
  ['ExecutionStarted', { executionStartedEventDetails: { input: '{}' } }],
  ['PassStateEntered', entered('Set', '{}')],
  ['PassStateExited', exited('Set', '{}', { total: '7', who: '"ada"' })],
  ['TaskStateEntered', entered('Pay', '{"a":1}')],
  ['TaskScheduled', { taskScheduledEventDetails: { parameters: '{"amount":7}' } }],
  ['TaskStarted', {}],
  ['TaskSucceeded', { taskSucceededEventDetails: { output: '{"paid":true}' } }],
  ['TaskStateExited', exited('Pay', '{"done":true}', { total: '0' })],
  ['PassStateEntered', entered('Show', '{"done":true}')],
);
const model = foldEvents(events);

it('tells the stages between input and output, as the history has them', () => {
  const visit = model.visits[1];
  expect(visit && stagesOf(visit, events).map(({ title, text }) => [title, text])).toEqual([
    ['State input', '{"a":1}'],
    ['Sent to the task', '{"amount":7}'],
    ['Result of the task', '{"paid":true}'],
    ['State output', '{"done":true}'],
  ]);
});

it('tells what variables held when a state was entered, and who assigned them', () => {
  expect(variablesAt(model, 0)).toEqual([]);
  expect(variablesAt(model, 1)).toEqual([
    { name: 'total', text: '7', by: 'Set' },
    { name: 'who', text: '"ada"', by: 'Set' },
  ]);
  expect(variablesAt(model, 2)[0]).toEqual({ name: 'total', text: '0', by: 'Pay' });
});
