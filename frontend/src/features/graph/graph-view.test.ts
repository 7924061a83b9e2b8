import { describe, expect, it } from 'vitest';

import { layOutDefinition } from '@/asl/layout/graph-layout';
import type { State } from '@/asl/definition';

import { revealing, showsAll, startView } from './graph-view';

const chain = (length: number) =>
  layOutDefinition({
    StartAt: 'S0',
    States: Object.fromEntries(
      Array.from({ length }, (_, i): [string, State] => [
        `S${i}`,
        i === length - 1 ? { Type: 'Pass', End: true } : { Type: 'Pass', Next: `S${i + 1}` },
      ]),
    ),
  });
const size = { width: 1000, height: 500 };

describe('the first view', () => {
  it('shows all of a small graph in the middle', () => {
    const layout = chain(2);
    const view = startView(layout, size);
    expect(view.zoom).toBe(1);
    expect(showsAll(view, size, layout)).toBe(true);
    expect(view.x * 2 + layout.width).toBe(size.width);
  });

  it('begins a large one at its start, large enough to read', () => {
    const layout = chain(40);
    const view = startView(layout, size);
    expect(view).toMatchObject({ zoom: 0.8, y: 24 });
    expect(showsAll(view, size, layout)).toBe(false);
  });
});

describe('bringing places into view', () => {
  const view = { x: 0, y: 0, zoom: 1 };
  const card = (x: number, y: number) => ({ x, y, width: 200, height: 48 });

  it('stays where everything is in view already', () => {
    expect(revealing(view, size, [card(10, 10), card(700, 400)])).toBeNull();
    expect(revealing(view, size, [])).toBeNull();
  });

  it('moves down only, where that is enough', () => {
    expect(revealing(view, size, [card(10, 900)])).toEqual({ x: 0, y: 150 - 900, zoom: 1 });
  });

  it('brings in the rest of what is partly in view, and some room, for a person', () => {
    const moved = (x: number, y: number) => revealing(view, size, [card(x, y)], null, 'least');
    expect(moved(100, 470)).toEqual({ x: 0, y: 500 - 24 - 518, zoom: 1 });
    expect(moved(-40, 100)).toEqual({ x: 40 + 24, y: 0, zoom: 1 });
    expect(moved(900, 100)).toEqual({ x: 1000 - 24 - 1100, y: 0, zoom: 1 });
    // What is out of view altogether is brought to where one looks.
    expect(moved(10, 900)).toEqual({ x: 0, y: 150 - 900, zoom: 1 });
  });

  it('brings out what stands beneath something else', () => {
    const covered = { width: 180, height: 160 };
    const beneath = card(790, 400);
    expect(revealing(view, size, [beneath])).toBeNull();
    const moved = revealing(view, size, [beneath], covered);
    expect(moved).toEqual({ x: 0, y: 150 - 400, zoom: 1 });
    expect(revealing(moved ?? view, size, [beneath], covered)).toBeNull();
    // Nowhere on a canvas this low is any better.
    const low = { width: 1000, height: 170 };
    const there = revealing(view, low, [beneath], covered) ?? view;
    expect(revealing(there, low, [beneath], covered)).toBeNull();
  });

  it('stays across where a header stands that is wider than the view', () => {
    const header = { x: -300, y: 100, width: 2000, height: 48 };
    expect(revealing(view, size, [header])).toBeNull();
    expect(revealing(view, size, [{ ...header, y: 900 }])).toEqual({ x: 0, y: 150 - 900, zoom: 1 });
  });

  it('takes the last of those that do not fit together', () => {
    const moved = revealing(view, size, [card(10, 10), card(10, 2000)]);
    expect(moved?.y).toBe(150 - 2000);
  });
});
