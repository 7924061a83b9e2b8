import { describe, expect, it } from 'vitest';

import { insertAt, single } from '@/asl/edit';
import { orders } from '@/asl/edit/edit.fixture';
import { layOutDefinition } from '@/asl/layout/graph-layout';

import { nearest, spotsOf } from './spots';

describe('spots', () => {
  it('stand on every edge and at both ends of every branch, apart from each other', () => {
    const spots = spotsOf(layOutDefinition(orders));
    const names = spots.map(({ label }) => label);
    for (const each of [
      'before Validate',
      'between Validate and Paid?',
      'between Paid? and Reject',
      'between Validate and Apologise',
      'before Pack',
      'between Pack and Label',
      'after Label',
      'after Count',
      'after Ship',
    ]) {
      expect(names).toContain(each);
    }
    expect(names).not.toContain('after Reject');
    const places = new Set(spots.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`));
    expect(places.size).toBe(spots.length);
  });
  it('can all be inserted at', () => {
    for (const { spot } of spotsOf(layOutDefinition(orders))) {
      expect(insertAt(spot, single('Nap', { Type: 'Wait', Seconds: 1 }))(orders).ok).toBe(true);
    }
  });
  it('are there for what is empty', () => {
    const empty = spotsOf(layOutDefinition({ StartAt: '', States: {} }));
    expect(empty.map(({ label }) => label)).toEqual(['the first state']);
    const branch = { StartAt: '', States: {} };
    const parallel = layOutDefinition({
      StartAt: 'P',
      States: { P: { Type: 'Parallel', Branches: [branch, branch], End: true } },
    });
    expect(spotsOf(parallel).filter((spot) => spot.empty)).toHaveLength(2);
  });
  it('are found from near, not from afar', () => {
    const spots = spotsOf(layOutDefinition(orders));
    const [first] = spots;
    expect(nearest(spots, { x: (first?.x ?? 0) + 9, y: first?.y ?? 0 })).toBe(first);
    expect(nearest(spots, { x: -5000, y: 0 })).toBeNull();
  });
});
