import { describe, expect, it } from 'vitest';

import { Checkpoints } from './checkpoints';
import { foldEvents } from './fold';
import { simulate } from './histories.fixture';

const definition = {
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      MaxConcurrency: 7,
      ItemProcessor: {
        StartAt: 'Try',
        States: {
          Try: { Type: 'Task', Retry: [{ ErrorEquals: ['Odd'], MaxAttempts: 2 }], Next: 'Note' },
          Note: { Type: 'Pass', End: true },
        },
      },
      End: true,
    },
  },
};

const events = simulate(definition, '{}', {
  length: () => 300,
  task: (_, attempt, [item = 0]) =>
    attempt === 0 && item % 3 === 0 ? { ms: 5, error: 'Odd' } : { ms: 3 + item },
});

describe('the model at an event', () => {
  it('is the fold of the events up to it, in whatever order it is asked for', () => {
    expect(events.length).toBeGreaterThan(2400);
    const checkpoints = new Checkpoints();
    const last = events.length;
    for (const upTo of [last, 1, 999, 1000, 1001, 17, 2000, last - 1, 0, 1500, last + 5]) {
      expect(checkpoints.at(events, upTo)).toEqual(foldEvents(events.slice(0, upTo)));
    }
  });

  it('is right while the history grows', () => {
    const checkpoints = new Checkpoints();
    for (let length = 0; length < events.length; length += 271) {
      const known = events.slice(0, length);
      expect(checkpoints.at(known, length)).toEqual(foldEvents(known));
      expect(checkpoints.at(known, 250)).toEqual(foldEvents(known.slice(0, 250)));
    }
  });
});
