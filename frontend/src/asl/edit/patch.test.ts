import { describe, expect, it } from 'vitest';

import { chain, done, reason } from './edit.fixture';
import { patch } from './patch';

describe('a patch', () => {
  it('adds, replaces, removes, moves and copies', () => {
    const made = done(
      patch([
        { op: 'add', path: '/States/A/Comment', value: 'a/b' },
        { op: 'replace', path: '/StartAt', value: 'B' },
        { op: 'remove', path: '/States/A/Next' },
        { op: 'add', path: '/States/A/Retry', value: [{ ErrorEquals: ['x'] }] },
        { op: 'add', path: '/States/A/Retry/-', value: 1 },
        { op: 'remove', path: '/States/A/Retry/0' },
        { op: 'move', from: '/States/B', path: '/States/C~1D' },
        { op: 'copy', from: '/States/A/Comment', path: '/Comment' },
      ])(chain('A', 'B')),
    );
    expect(made.StartAt).toBe('B');
    expect(made).toHaveProperty('Comment', 'a/b');
    expect(Object.keys(made.States ?? {})).toEqual(['A', 'C/D']);
    expect(made.States?.A).toMatchObject({ Retry: [1], Comment: 'a/b' });
    expect(made.States?.A).not.toHaveProperty('Next');
  });
  it('that no longer fits changes nothing', () => {
    expect(reason(patch([{ op: 'add', path: '/States/X/Y', value: 1 }])(chain('A')))).toBe(
      'no-such-place',
    );
    expect(reason(patch([{ op: 'nonsense', path: '/StartAt' }])(chain('A')))).toBe('no-such-place');
  });
});
