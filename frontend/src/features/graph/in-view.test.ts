import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { View } from './graph-view';
import { partAround } from './in-view';

const size = { width: 1060, height: 640 };
const nothing = { x: 0, y: 0, width: 0, height: 0 };
const view = fc.record({
  x: fc.double({ min: -40_000, max: 4000, noNaN: true }),
  y: fc.double({ min: -40_000, max: 4000, noNaN: true }),
  zoom: fc.double({ min: 0.01, max: 2, noNaN: true }),
});
/** After a movement over some views. */
const moved = (views: View[]) =>
  views.reduce((part, each) => partAround(part, each, size), nothing);
const movement = fc.array(view, { minLength: 1, maxLength: 8 });

describe('the part of a graph around the view', () => {
  it('holds all that the view shows, wherever it came from', () => {
    fc.assert(
      fc.property(movement, (views) => {
        const part = moved(views);
        const { x = 0, y = 0, zoom = 1 } = views.at(-1) ?? {};
        const slack = 1e-6 / zoom;
        expect(part.x).toBeLessThanOrEqual(-x / zoom + slack);
        expect(part.y).toBeLessThanOrEqual(-y / zoom + slack);
        expect(part.x + part.width).toBeGreaterThanOrEqual((size.width - x) / zoom - slack);
        expect(part.y + part.height).toBeGreaterThanOrEqual((size.height - y) / zoom - slack);
      }),
    );
  });

  it('is never more than five times as wide and high as what is seen', () => {
    fc.assert(
      fc.property(movement, (views) => {
        const part = moved(views);
        const { zoom = 1 } = views.at(-1) ?? {};
        expect(part.width * zoom).toBeLessThanOrEqual(5 * size.width + 1e-6);
        expect(part.height * zoom).toBeLessThanOrEqual(5 * size.height + 1e-6);
      }),
    );
  });

  it('stays while the view moves a little, and while it zooms in and out again', () => {
    const part = partAround(nothing, { x: -300, y: -10, zoom: 0.8 }, size);
    expect(partAround(part, { x: -500, y: -90, zoom: 0.9 }, size)).toBe(part);
    expect(partAround(part, { x: -700, y: -300, zoom: 1.9 }, size)).toBe(part);
    expect(partAround(part, { x: -700, y: -10, zoom: 0.8 }, size)).not.toBe(part);
  });
});
