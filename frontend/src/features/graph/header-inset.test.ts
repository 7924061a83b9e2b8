import { expect, it } from 'vitest';

import { insetOf } from './header-inset';

const container = (x: number, width: number) => ({ x, y: 0, width, height: 300 });
const seen = (x: number, zoom = 1) => ({ view: { x, y: 0, zoom }, width: 1000, height: 500 });

it('is where the container begins while all of it is in view', () => {
  expect(insetOf(container(100, 600), seen(0))).toEqual({ start: 0, end: 0 });
});

it('is within what is seen of a wide container', () => {
  expect(insetOf(container(0, 3000), seen(-1000))).toEqual({ start: 1008, end: 1008 });
  expect(insetOf(container(0, 3000), seen(-1000, 0.5))).toEqual({ start: 2016, end: 0 });
  expect(insetOf(container(500, 3000), seen(0))).toEqual({ start: 0, end: 2508 });
});

it('does not leave its container, and keeps room for the name', () => {
  expect(insetOf(container(0, 600), seen(-550))).toEqual({ start: 376, end: 0 });
  expect(insetOf(container(900, 600), seen(0))).toEqual({ start: 0, end: 376 });
  expect(insetOf(container(0, 200), seen(-150))).toEqual({ start: 0, end: 0 });
});

it('is where the container begins where nothing of it is seen', () => {
  expect(insetOf(container(0, 600), seen(-700))).toEqual({ start: 0, end: 0 });
  expect(insetOf(container(1100, 600), seen(0))).toEqual({ start: 0, end: 0 });
});
