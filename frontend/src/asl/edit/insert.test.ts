import { describe, expect, it } from 'vitest';

import { after, chain, done, orders, reason, shape, task } from './edit.fixture';
import { FOLLOW, single } from './fragment';
import { insertAfter, insertAt, insertBefore, insertFirst } from './insert';
import { TOP } from './scopes';

const wait = single('Nap', { Type: 'Wait', Seconds: 5 });

describe('inserting', () => {
  it('on an edge leads the one to the new state and the new state to the other', () => {
    const spot = { scope: TOP, from: 'A', to: 'B', kind: 'next' as const };
    expect(shape(after(chain('A', 'B'), insertAt(spot, wait)))).toBe('A>Nap Nap>B B.');
  });
  it('at the end makes the new state the end', () => {
    const spot = { scope: TOP, from: 'B', to: null, kind: 'next' as const };
    expect(shape(after(chain('A', 'B'), insertAt(spot, wait)))).toBe('A>B B>Nap Nap.');
  });
  it('at the start moves StartAt', () => {
    const made = after(chain('A', 'B'), insertFirst(TOP, wait));
    expect(made.StartAt).toBe('Nap');
    expect(shape(made)).toBe('Nap>A A>B B.');
  });
  it('into nothing makes the first state', () => {
    expect(after({ StartAt: '', States: {} }, insertFirst(TOP, wait))).toEqual({
      StartAt: 'Nap',
      States: { Nap: { Type: 'Wait', Seconds: 5, End: true } },
    });
  });
  it('on a rule keeps the other ways', () => {
    const spot = { scope: TOP, from: 'Paid?', to: 'Both', kind: 'choice' as const };
    const made = after(orders, insertAt(spot, wait));
    expect(shape(made)).toContain('Paid?>Nap|Reject Nap>Both');
  });
  it('on a catcher', () => {
    const spot = { scope: TOP, from: 'Validate', to: 'Apologise', kind: 'catch' as const };
    expect(shape(after(orders, insertAt(spot, wait)))).toContain(
      'Validate>Paid?|!Nap Nap>Apologise',
    );
  });
  it('before a state catches every way to it', () => {
    const made = after(
      { StartAt: 'A', States: { A: task('C', { Catch: [{ Next: 'C' }] }), C: task(null) } },
      insertBefore('C', wait),
    );
    expect(shape(made)).toBe('A>Nap|!Nap Nap>C C.');
    expect(after(chain('A'), insertBefore('A', wait)).StartAt).toBe('Nap');
  });
  it('after a Choice takes its Default', () => {
    expect(shape(after(orders, insertAfter('Paid?', wait)))).toContain('Paid?>Both|Nap Nap>Reject');
  });
  it('into a branch and into a processor', () => {
    const both = { container: 'Both', branch: 0 };
    const items = { container: 'Items', branch: 0 };
    expect(shape(after(orders, insertFirst(both, wait)), both)).toBe('Nap>Pack Pack>Label Label.');
    expect(shape(after(orders, insertFirst(items, wait)), items)).toBe('Nap>Count Count.');
  });
  it('gives a free name, inside containers too', () => {
    const parallel = single('Pack', { Type: 'Parallel', Branches: [chain('A', 'Label')] });
    const made = after(orders, insertAfter('Ship', parallel));
    expect(shape(made)).toContain('Ship>Pack 2');
    expect(shape(made, { container: 'Pack 2', branch: 0 })).toBe('A>Label 2 Label 2.');
  });
  it('ties a Choice without anything after it to an end of its own', () => {
    const choice = single('If', {
      Type: 'Choice',
      Choices: [{ Variable: '$', IsNull: false, Next: FOLLOW }],
      Default: FOLLOW,
    });
    expect(shape(after(chain('A'), insertAfter('A', choice)))).toBe('A>If If>Done|Done Done.');
    expect(shape(after(chain('A', 'B'), insertAfter('A', choice)))).toBe('A>If If>B|B B.');
  });
  it('says why it cannot be', () => {
    const fail = single('Stop', { Type: 'Fail' });
    expect(reason(insertAfter('A', fail)(chain('A', 'B')))).toBe('nothing-follows');
    expect(reason(insertAfter('Reject', wait)(orders))).toBe('nothing-follows');
    expect(reason(insertAfter('Nobody', wait)(orders))).toBe('no-such-state');
    expect(reason(insertFirst({ container: 'Ship', branch: 0 }, wait)(orders))).toBe(
      'no-such-place',
    );
    expect(reason(insertFirst(TOP, { StartAt: '', States: {} })(orders))).toBe('nothing-given');
  });
  it('leaves everything else as the same value', () => {
    const made = done(insertAfter('Ship', wait)(orders));
    expect(made.States?.Both).toBe(orders.States?.Both);
    expect(Object.keys(made)).toEqual(['Comment', 'StartAt', 'States']);
  });
});
