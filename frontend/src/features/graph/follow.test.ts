import { describe, expect, it } from 'vitest';

import { followed } from './follow';

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
