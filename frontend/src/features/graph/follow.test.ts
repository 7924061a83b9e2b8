import { describe, expect, it } from 'vitest';

import type { GraphLayout, PlacedState } from '@/asl/layout/graph-layout';
import type { StateView } from '@/history/view';

import { followed, showing, wentWrong } from './follow';

const size = { width: 1000, height: 500 };
const view = { x: 0, y: 0, zoom: 1 };
const card = (x: number, y: number) => ({ x, y, width: 200, height: 48 });

describe('following what runs', () => {
  it('brings all of it into view where it fits', () => {
    expect(followed(view, size, [card(10, 10), card(10, 300)], null)).toBeNull();
    expect(followed(view, size, [card(10, 300), card(10, 560)], null)).toMatchObject({ x: 0 });
  });

  it('rests while one of many that began lately is in view', () => {
    const branches = [0, 1, 2, 3, 4, 5, 6, 7].map((nth) => card(nth * 240, 100));
    expect(followed(view, size, [...branches].reverse(), null)).toBeNull();
    const below = branches.map((each) => ({ ...each, y: 900 }));
    expect(followed(view, size, below, null)).toMatchObject({ y: 150 - 900 });
  });

  it('goes on from one that has run for long', () => {
    expect(followed(view, size, [card(10, 10), card(10, 2000)], null)?.y).toBe(150 - 2000);
  });
});

describe('where it went wrong', () => {
  const placed = (name: string, y: number, lanes: object[] = []) => ({
    name,
    lanes,
    ...card(0, y),
  });
  const states = [placed('Map', 100, [{}]), placed('Charge', 150), placed('Ship', 300)];
  const layout = { states } as unknown as GraphLayout;
  const at = (statuses: Record<string, string>) =>
    wentWrong(layout, {
      states: new Map(
        Object.entries(statuses).map(([name, status], current) => [
          name,
          { status, current } as unknown as StateView,
        ]),
      ),
    })?.y;

  it('is the innermost state that failed, the latest of several', () => {
    expect(at({ Map: 'FAILED', Charge: 'FAILED' })).toBe(150);
    expect(at({ Ship: 'FAILED', Charge: 'FAILED' })).toBe(150);
    expect(at({ Charge: 'FAILED', Ship: 'FAILED' })).toBe(300);
  });

  it('is what was stopped where nothing failed', () => {
    expect(at({ Charge: 'SUCCEEDED', Ship: 'ABORTED' })).toBe(300);
    expect(at({ Charge: 'FAILED', Ship: 'ABORTED' })).toBe(150);
    expect(at({ Map: 'TIMED_OUT' })).toBe(100);
  });

  it('is shown below what led to it, where it is not in view', () => {
    const ship = (y: number) => placed('Ship', y) as unknown as PlacedState;
    expect(showing(ship(2000), view, size, null)?.y).toBe(400 - 2000);
    expect(showing(ship(20), { ...view, x: 20 }, size, null)).toBeNull();
  });

  it('is nowhere where all went well, or what failed was caught', () => {
    expect(at({ Charge: 'CAUGHT', Ship: 'SUCCEEDED' })).toBeUndefined();
  });
});
