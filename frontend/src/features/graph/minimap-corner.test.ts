import { expect, it } from 'vitest';

import { cornerOf } from './minimap-corner';

const size = { width: 1000, height: 500 };
const map = { width: 100, height: 130 };
const view = { x: 0, y: 0, zoom: 1 };
const card = (x: number, y: number) => ({ x, y, width: 180, height: 48 });
const bottomRight = card(800, 420);
const topRight = card(800, 20);
const bottomLeft = card(60, 420);

it('stands at the bottom right while nothing is there', () => {
  const free = [card(400, 400), card(800, 220)];
  expect(cornerOf('bottom right', map, view, size, free)).toBe('bottom right');
});

it('goes to the next corner that is free', () => {
  const next = (...places: ReturnType<typeof card>[]) =>
    cornerOf('bottom right', map, view, size, places);
  expect(next(bottomRight)).toBe('top right');
  expect(next(bottomRight, topRight)).toBe('bottom left');
  expect(next(bottomRight, topRight, bottomLeft)).toBe('top left');
});

it('knows where things are on the screen', () => {
  const moved = { x: 500, y: 200, zoom: 0.5 };
  expect(cornerOf('bottom right', map, moved, size, [card(800, 440)])).toBe('top right');
});

it('stays where it is while that is free', () => {
  expect(cornerOf('top left', map, view, size, [card(400, 100)])).toBe('top left');
});

it('stands where it hides least when no corner is free', () => {
  const others = [bottomRight, topRight, bottomLeft];
  expect(cornerOf('bottom right', map, view, size, [...others, card(100, 20)])).toBe('top left');
  expect(cornerOf('top left', map, view, size, [...others, card(100, 20)])).toBe('top left');
});

it('does not go to and fro between corners that are hardly different', () => {
  const all = [bottomRight, topRight, card(0, 420), card(0, 20), { ...card(900, 380), height: 8 }];
  expect(cornerOf('bottom right', map, view, size, all)).toBe('bottom right');
  expect(cornerOf('top right', map, view, size, all)).toBe('top right');
});
