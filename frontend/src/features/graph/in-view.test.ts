import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { around } from './in-view';

const size = { width: 1060, height: 640 };
const view = fc.record({
  x: fc.double({ min: -40_000, max: 4000, noNaN: true }),
  y: fc.double({ min: -40_000, max: 4000, noNaN: true }),
  zoom: fc.double({ min: 0.01, max: 2, noNaN: true }),
});

describe('the part of a graph around the view', () => {
  it('holds all that the view shows', () => {
    fc.assert(
      fc.property(view, ({ x, y, zoom }) => {
        const part = around({ x, y, zoom }, size);
        const slack = 1e-6 / zoom;
        expect(part.x).toBeLessThanOrEqual(-x / zoom + slack);
        expect(part.y).toBeLessThanOrEqual(-y / zoom + slack);
        expect(part.x + part.width).toBeGreaterThanOrEqual((size.width - x) / zoom - slack);
        expect(part.y + part.height).toBeGreaterThanOrEqual((size.height - y) / zoom - slack);
      }),
    );
  });

  it('is not much larger than the view', () => {
    fc.assert(
      fc.property(view, (given) => {
        const part = around(given, size);
        // Twice for the zoom, and two steps of 256 pixels.
        expect(part.width * given.zoom).toBeLessThan(2 * size.width + 4 * 256);
        expect(part.height * given.zoom).toBeLessThan(2 * size.height + 4 * 256);
      }),
    );
  });

  it('stays while the view moves a little', () => {
    expect(around({ x: -300, y: -10, zoom: 0.8 }, size)).toEqual(
      around({ x: -340, y: -90, zoom: 0.9 }, size),
    );
    expect(around({ x: -300, y: 0, zoom: 0.8 }, size)).not.toEqual(
      around({ x: -700, y: 0, zoom: 0.8 }, size),
    );
  });
});
