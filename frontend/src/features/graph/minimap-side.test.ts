import { expect, it } from 'vitest';

import { sideOf } from './minimap-side';

const size = { width: 1000, height: 500 };
const map = { width: 100, height: 130 };
const view = { x: 0, y: 0, zoom: 1 };
const card = (x: number, y: number) => ({ x, y, width: 180, height: 48 });
const onTheRight = card(800, 400);
const onTheLeft = card(60, 400);

it('stands on the right while no state is there', () => {
  expect(sideOf('right', map, view, size, [card(400, 400), card(800, 100)])).toBe('right');
});

it('goes to the left where it would cover a state', () => {
  expect(sideOf('right', map, view, size, [onTheRight])).toBe('left');
  expect(sideOf('right', map, { x: 500, y: 200, zoom: 0.5 }, size, [card(800, 400)])).toBe('left');
});

it('stays where it is while that is free', () => {
  expect(sideOf('left', map, view, size, [card(400, 100)])).toBe('left');
});

it('comes back from where a state has come', () => {
  expect(sideOf('left', map, view, size, [onTheLeft])).toBe('right');
});

it('stands on the right where there is no free side', () => {
  expect(sideOf('right', map, view, size, [onTheLeft, onTheRight])).toBe('right');
  expect(sideOf('left', map, view, size, [onTheLeft, onTheRight])).toBe('right');
});
