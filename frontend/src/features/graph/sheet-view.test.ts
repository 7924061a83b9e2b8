import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  centredOn,
  FARTHEST,
  fitted,
  NEAREST,
  onTheWay,
  pinched,
  wheelFactor,
  zoomedAt,
} from './sheet-view';

const size = { width: 800, height: 500 };
const coordinate = fc.double({ min: -5000, max: 5000, noNaN: true });
const zoom = fc.double({ min: FARTHEST, max: NEAREST, noNaN: true });
const views = fc.record({ x: coordinate, y: coordinate, zoom });
const points = fc.record({ x: coordinate, y: coordinate });

const seen = (view: { x: number; y: number; zoom: number }, at: { x: number; y: number }) => ({
  x: (at.x - view.x) / view.zoom,
  y: (at.y - view.y) / view.zoom,
});

describe('a view', () => {
  it('zooms about the point under the pointer, within limits', () => {
    fc.assert(
      fc.property(views, points, fc.double({ min: 0.001, max: 9, noNaN: true }), (view, at, to) => {
        const next = zoomedAt(view, at, to);
        expect(next.zoom).toBeGreaterThanOrEqual(FARTHEST);
        expect(next.zoom).toBeLessThanOrEqual(NEAREST);
        const [before, after] = [seen(view, at), seen(next, at)];
        expect((after.x - before.x) * view.zoom).toBeCloseTo(0, 5);
        expect((after.y - before.y) * view.zoom).toBeCloseTo(0, 5);
      }),
    );
  });
  it('fits a graph, and enlarges a small one no further than it may', () => {
    expect(fitted({ width: 1600, height: 100 }, size, 0, 1)).toEqual({ x: 0, y: 225, zoom: 0.5 });
    expect(fitted({ width: 200, height: 100 }, size, 0.1, 1)).toEqual({ x: 300, y: 200, zoom: 1 });
    expect(fitted({ width: 700, height: 500 }, size, 0.25, 1).zoom).toBeCloseTo(0.8);
    expect(fitted({ width: 0, height: 1e9 }, size, 0, 1).zoom).toBe(FARTHEST);
  });
  it('has a point in the middle', () => {
    expect(seen(centredOn({ x: 70, y: -8 }, size, 0.5), { x: 400, y: 250 })).toEqual({
      x: 70,
      y: -8,
    });
  });
  it('follows two fingers', () => {
    const a = { x: 100, y: 100 };
    const b = { x: 300, y: 100 };
    const view = { x: 0, y: 0, zoom: 0.5 };
    const along = [
      { x: 150, y: 130 },
      { x: 350, y: 130 },
    ] as const;
    expect(pinched(view, [a, b], along)).toEqual({ x: 50, y: 30, zoom: 0.5 });
    const wider = [
      { x: 0, y: 100 },
      { x: 400, y: 100 },
    ] as const;
    const next = pinched(view, [a, b], wider);
    expect(next.zoom).toBe(1);
    expect(seen(next, wider[0])).toEqual(seen(view, a));
    expect(seen(next, wider[1])).toEqual(seen(view, b));
  });
  it('glides from one place to another', () => {
    const [from, to] = [
      { x: 0, y: 10, zoom: 1 },
      { x: 100, y: -10, zoom: 0.5 },
    ];
    expect(onTheWay(from, to, 0)).toEqual(from);
    expect(onTheWay(from, to, 0.5)).toEqual({ x: 50, y: 0, zoom: 0.75 });
    expect(onTheWay(from, to, 1)).toEqual(to);
  });
  it('comes nearer when the wheel is turned away, by as much in lines as in pixels', () => {
    expect(wheelFactor({ deltaY: -100, deltaMode: 0 })).toBeCloseTo(2 ** 0.2);
    expect(wheelFactor({ deltaY: 3, deltaMode: 1 })).toBeCloseTo(2 ** -0.15);
  });
});
