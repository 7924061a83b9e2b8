import { expect, it } from 'vitest';

import { FRAME_MS, PaintPace } from './paint-pace';

/** Paints for a second whenever it may be, each paint losing so much; how many paints there were. */
function paintsInASecond(lostEach: number): number {
  const pace = new PaintPace();
  const begin = 10_000;
  // What had been saved up is spent first: a burst that goes on is meant.
  let now = begin - 2000;
  let paints = 0;
  while (now < begin + 1000) {
    const wait = pace.wait(now);
    // A timer's own grain, or what is left of a fraction is waited for without end.
    if (wait > 0) now += Math.max(0.1, wait);
    else {
      pace.painted(now);
      pace.lost(lostEach);
      if (now >= begin) paints++;
      now += 1;
    }
  }
  return paints;
}

it('paints at once what comes after a rest, and what follows it frame by frame', () => {
  const pace = new PaintPace();
  expect(pace.wait(5000)).toBe(0);
  pace.painted(5000);
  expect(pace.wait(5004)).toBeCloseTo(FRAME_MS - 4);
  expect(pace.wait(5000 + FRAME_MS)).toBe(0);
});

it('paints a burst some twenty times a second where that holds nothing up', () => {
  const paints = paintsInASecond(0);
  expect(paints).toBeGreaterThanOrEqual(20);
  expect(paints).toBeLessThanOrEqual(26);
});

it('loses no more than five frames a second to paints that take longer', () => {
  for (const lost of [5, 10, 17, 34]) {
    expect(paintsInASecond(lost) * lost).toBeLessThanOrEqual(5 * FRAME_MS);
  }
});

it('says what happens twice a second, however long that takes', () => {
  const pace = new PaintPace();
  pace.painted(1000);
  pace.lost(4000);
  expect(pace.wait(1000)).toBe(500);
  expect(pace.wait(1400)).toBe(100);
  expect(pace.wait(1500)).toBe(0);
});
