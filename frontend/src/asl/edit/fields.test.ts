import { describe, expect, it } from 'vitest';

import { after, chain, done, orders, reason, shape } from './edit.fixture';
import {
  addBranch,
  insertItem,
  moveItem,
  possibleTargets,
  removeBranch,
  removeItem,
  renameState,
  setEnd,
  setField,
  setMachineField,
  setNext,
} from './fields';

describe('renaming', () => {
  it('follows every reference and keeps the order', () => {
    const made = after(
      orders,
      renameState('Validate', 'Check'),
      renameState('Apologise', 'Sorry'),
      renameState('Both', 'Pack & bill'),
      renameState('Reject', 'No'),
    );
    expect(made.StartAt).toBe('Check');
    expect(shape(made)).toBe(
      'Check>Paid?|!Sorry Paid?>Pack & bill|No Pack & bill>Items Items>Ship Ship. No. Sorry.',
    );
  });
  it('says why it cannot be', () => {
    expect(reason(renameState('Ship', 'Pack')(orders))).toBe('name-taken');
    expect(reason(renameState('Ship', ' ')(orders))).toBe('name-invalid');
    expect(reason(renameState('Ship', 'x'.repeat(81))(orders))).toBe('name-invalid');
    expect(reason(renameState('Nobody', 'Me')(orders))).toBe('no-such-state');
    expect(reason(renameState('Ship', 'Ship')(orders))).toBe('same-place');
  });
});

describe('fields', () => {
  it('are set at any depth, in their place, and taken away', () => {
    const made = after(orders, setField('Paid?', ['Choices', 0, 'Variable'], '$.order.paid'));
    expect(made.States?.['Paid?']?.Choices?.[0]).toEqual({
      Variable: '$.order.paid',
      BooleanEquals: true,
      Next: 'Both',
    });
    const timed = after(orders, setField('Ship', ['TimeoutSeconds'], 60));
    expect(Object.keys(timed.States?.Ship ?? {})).toEqual([
      'Type',
      'Resource',
      'End',
      'TimeoutSeconds',
    ]);
    expect(after(timed, setField('Ship', ['TimeoutSeconds'], undefined))).toEqual(orders);
  });
  it('of the machine', () => {
    expect(after(orders, setMachineField('TimeoutSeconds', 60))).toHaveProperty(
      'TimeoutSeconds',
      60,
    );
    expect(after(orders, setMachineField('Comment', undefined))).not.toHaveProperty('Comment');
  });
  it('never break a transition', () => {
    expect(reason(setField('A', ['Next'], 'Nobody')(chain('A', 'B')))).toBe('missing-target');
    expect(reason(setNext('A', 'Nobody')(chain('A')))).toBe('missing-target');
    expect(reason(setNext('B', 'A')(chain('A', 'B')))).toBe('no-end');
    expect(reason(setField('Paid?', ['Choices'], [])(orders))).toBe('no-rules');
  });
});

describe('Next and End', () => {
  it('stand where the other stood', () => {
    const made = after(orders, setNext('Ship', 'Apologise'));
    expect(Object.keys(made.States?.Ship ?? {})).toEqual(['Type', 'Resource', 'Next']);
    expect(after(made, setEnd('Ship'))).toEqual(orders);
    const tail = chain('A', 'B');
    expect(reason(setEnd('A')(tail))).toBe('unreachable');
    expect(shape(done(setEnd('A', 'delete')(tail)))).toBe('A.');
  });
  it('may jump where everything stays reachable', () => {
    expect(shape(after(orders, setNext('Apologise', 'Ship')))).toContain('Apologise>Ship');
    expect(reason(setNext('Reject', 'Ship')(orders))).toBe('nothing-follows');
    expect(possibleTargets(orders, 'Pack')).toEqual(['Pack', 'Label']);
  });
});

describe('lists', () => {
  const rule = { Variable: '$.vip', BooleanEquals: true, Next: 'Ship' };
  it('of choice rules', () => {
    const two = after(orders, insertItem('Paid?', ['Choices'], 0, rule));
    expect(shape(two)).toContain('Paid?>Ship|Both|Reject');
    expect(shape(after(two, moveItem('Paid?', ['Choices'], 0, 1)))).toContain(
      'Paid?>Both|Ship|Reject',
    );
    expect(after(two, removeItem('Paid?', ['Choices'], 0))).toEqual(orders);
    expect(reason(removeItem('Paid?', ['Choices'], 1)(two))).toBe('unreachable');
    expect(shape(done(removeItem('Paid?', ['Choices'], 1, 'delete')(two)))).not.toContain('Both');
    expect(reason(removeItem('Paid?', ['Choices'], 0)(orders))).toBe('no-rules');
    expect(reason(moveItem('Paid?', ['Choices'], 0, 5)(orders))).toBe('no-such-item');
  });
  it('of retriers and catchers, which leave no empty list', () => {
    const retrier = { ErrorEquals: ['States.Timeout'], MaxAttempts: 3 };
    const retried = after(orders, insertItem('Ship', ['Retry'], 0, retrier));
    expect(retried.States?.Ship?.Retry).toEqual([retrier]);
    expect(after(retried, removeItem('Ship', ['Retry'], 0))).toEqual(orders);
    const caught = after(
      orders,
      insertItem('Ship', ['Catch'], 0, { ErrorEquals: ['States.ALL'], Next: 'Apologise' }),
    );
    expect(shape(caught)).toContain('Ship>!Apologise.');
  });
  it('of branches', () => {
    const three = after(orders, addBranch('Both'));
    expect(three.States?.Both?.Branches).toHaveLength(3);
    expect(after(three, removeBranch('Both', 2))).toEqual(orders);
    expect(reason(addBranch('Ship')(orders))).toBe('wrong-type');
    expect(reason(removeBranch('Both', 0)(after(orders, removeBranch('Both', 0))))).toBe(
      'last-branch',
    );
  });
});
