import { describe, expect, it } from 'vitest';

import { after, chain, orders, reason, shape, task } from './edit.fixture';
import { deleteStates } from './remove';

describe('deleting', () => {
  it('heals the chain', () => {
    expect(shape(after(chain('A', 'B', 'C'), deleteStates(['B'])))).toBe('A>C C.');
    expect(shape(after(chain('A', 'B'), deleteStates(['B'])))).toBe('A.');
    expect(after(chain('A', 'B'), deleteStates(['A'])).StartAt).toBe('B');
    expect(shape(after(chain('A', 'B', 'C', 'D'), deleteStates(['B', 'C'])))).toBe('A>D D.');
  });
  it('of the last state leaves an empty scope', () => {
    expect(after(chain('A'), deleteStates(['A']))).toEqual({ StartAt: '', States: {} });
  });
  it('takes with it what only it led to', () => {
    expect(shape(after(orders, deleteStates(['Paid?'])))).toBe(
      'Validate>Reject|!Apologise Reject. Apologise.',
    );
    expect(shape(after(orders, deleteStates(['Validate'])))).not.toContain('Apologise');
  });
  it('removes the rule or the catcher of an end that goes', () => {
    expect(shape(after(orders, deleteStates(['Reject'])))).toContain('Paid?>Both ');
    expect(shape(after(orders, deleteStates(['Apologise'])))).toContain('Validate>Paid? ');
  });
  it('follows the way that comes to an end', () => {
    const polling = {
      StartAt: 'Ask',
      States: {
        Ask: task('Ready?'),
        'Ready?': { Type: 'Choice', Choices: [{ Next: 'Fin' }], Default: 'Nap' },
        Nap: { Type: 'Wait', Seconds: 5, Next: 'Ask' },
        Fin: task(null),
      },
    };
    expect(shape(after(polling, deleteStates(['Ready?'])))).toBe('Ask>Fin Fin.');
    expect(reason(deleteStates(['Fin'])(polling))).toBe('no-end');
  });
  it('works in several scopes at once, and leaves what is inside to its container', () => {
    const made = after(orders, deleteStates(['Pack', 'Count', 'Items']));
    expect(shape(made, { container: 'Both', branch: 0 })).toBe('Label.');
    expect(shape(made)).toContain('Both>Ship');
    expect(reason(deleteStates(['Nobody'])(orders))).toBe('no-such-state');
  });
});
