import { describe, expect, it } from 'vitest';

import { placesOf, type Definition } from '../definition';
import { generateDefinition } from './definitions.fixture';
import { layOutDefinition, roundedPath, type GraphLayout, type PlacedState } from './graph-layout';
import type { Point, Rect } from './layered';

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** The part of a segment strictly inside a box: touching the border is what arrows do. */
function crosses(a: Point, b: Point, box: Rect): boolean {
  const line = {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
  const inside = { x: box.x + 1, y: box.y + 1, width: box.width - 2, height: box.height - 2 };
  return (
    line.x <= inside.x + inside.width &&
    inside.x <= line.x + line.width &&
    line.y <= inside.y + inside.height &&
    inside.y <= line.y + line.height
  );
}

const siblings = (layout: GraphLayout) => {
  const groups = new Map<string, PlacedState[]>();
  for (const state of layout.states) {
    const key = state.container ?? '';
    groups.set(key, [...(groups.get(key) ?? []), state]);
  }
  return groups;
};

const seeds = Array.from({ length: 60 }, (_, seed) => seed);

describe('any layout', () => {
  it.each(seeds)('keeps cards apart and edges off them (seed %i)', (seed) => {
    const definition = generateDefinition(seed, 8 + seed * 2);
    const layout = layOutDefinition(definition);
    const byName = new Map(layout.states.map((state) => [state.name, state]));
    expect(byName.size).toBe(placesOf(definition).size);

    for (const group of siblings(layout).values()) {
      group.forEach((a, i) => {
        for (const b of group.slice(i + 1))
          expect(overlap(a, b), `${a.name} ${b.name}`).toBe(false);
      });
    }
    for (const state of layout.states) {
      const around = state.container === null ? undefined : byName.get(state.container);
      if (!around) continue;
      const lane = around.lanes
        .map((room) => ({ ...room, x: room.x + around.x, y: room.y + around.y }))
        .find((room) => overlap(room, state));
      expect(lane).toBeDefined();
      if (!lane) continue;
      expect(state.x).toBeGreaterThanOrEqual(lane.x);
      expect(state.x + state.width).toBeLessThanOrEqual(lane.x + lane.width);
      expect(state.y + state.height).toBeLessThanOrEqual(lane.y + lane.height);
    }
    for (const edge of layout.edges) {
      expect(edge.points.length).toBeGreaterThan(1);
      const end = byName.get(edge.from ?? '') ?? byName.get(edge.to ?? '');
      const others = layout.states.filter(({ container }) => container === end?.container);
      edge.points.slice(1).forEach((b, i) => {
        const a = edge.points[i] ?? b;
        expect(a.x === b.x || a.y === b.y, `${edge.id} is orthogonal`).toBe(true);
        for (const box of others) {
          expect(crosses(a, b, box), `${edge.from} to ${edge.to} under ${box.name}`).toBe(false);
        }
      });
      const label = edge.label;
      if (label) for (const box of others) expect(overlap(label, box)).toBe(false);
    }
  });

  it('keeps labels apart', () => {
    for (const seed of seeds) {
      const layout = layOutDefinition(generateDefinition(seed, 60));
      const labels = layout.edges.flatMap((edge) => edge.label ?? []);
      labels.forEach((a, i) => {
        for (const b of labels.slice(i + 1)) expect(overlap(a, b)).toBe(false);
      });
    }
  });
});

describe('a layout', () => {
  const chain: Definition = {
    StartAt: 'A',
    States: {
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Pass', Next: 'C' },
      C: { Type: 'Pass', End: true },
    },
  };

  it('draws a chain as one straight line between its dots', () => {
    const layout = layOutDefinition(chain);
    expect(new Set(layout.edges.flatMap((edge) => edge.points.map(({ x }) => x))).size).toBe(1);
    expect(layout.edges.map(({ from, to }) => [from, to])).toEqual([
      [null, 'A'],
      ['A', 'B'],
      ['B', 'C'],
      ['C', null],
    ]);
    expect(layout.dots.map(({ kind }) => kind)).toEqual(['start', 'end']);
  });

  it('puts an end dot right beneath each state that ends the execution, and no other', () => {
    const layout = layOutDefinition({
      StartAt: 'Which?',
      States: {
        'Which?': {
          Type: 'Choice',
          Choices: [{ Next: 'Short' }, { Next: 'Bad' }],
          Default: 'Long',
        },
        Short: { Type: 'Succeed' },
        Bad: { Type: 'Fail' },
        Long: { Type: 'Pass', Next: 'Each' },
        Each: {
          Type: 'Map',
          ItemProcessor: { StartAt: 'Inner', States: { Inner: { Type: 'Pass', End: true } } },
          End: true,
        },
      },
    });
    const ends = layout.dots.filter(({ kind }) => kind === 'end');
    expect(ends.map(({ id }) => id)).toEqual(['end:Short', 'end:Bad', 'end:Each']);
    for (const dot of ends) {
      const state = layout.states.find(({ name }) => `end:${name}` === dot.id);
      expect(dot.y - (state?.y ?? 0) - (state?.height ?? 0)).toBe(20);
      expect(dot.x + dot.width / 2).toBe((state?.x ?? 0) + (state?.width ?? 0) / 2);
    }
  });

  it('survives a transition to nowhere, a missing StartAt and no states at all', () => {
    expect(layOutDefinition({}).states).toEqual([]);
    expect(
      layOutDefinition({ StartAt: 'X', States: { A: { Type: 'Pass', Next: 'Y' } } }).states,
    ).toHaveLength(1);
  });

  it('is not moved by states that nothing leads to', () => {
    const lost = {
      'Lost first': { Type: 'Pass', Next: 'Lost second' },
      'Lost second': {
        Type: 'Parallel',
        Branches: [{ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } }],
        Next: 'A',
      },
      'Lost alone': { Type: 'Wait', Seconds: 1, End: true },
    };
    const layout = layOutDefinition({ ...chain, States: { ...lost, ...chain.States } });
    const line = layout.edges.find(({ id }) => id === 'start')?.points ?? [];
    expect(line).toEqual(
      layOutDefinition(chain).edges[0]?.points.map(({ y }) => ({ x: line[0]?.x, y })),
    );
    const row = (name: string) => layout.states.find((state) => state.name === name)?.y ?? 0;
    // There is no room above A: what leads to it stands beneath it.
    expect(row('Lost second')).toBeGreaterThan(row('A'));
    expect(row('Lost alone')).toBe(row('A'));
  });

  it('stands what nothing leads to right above what it leads to', () => {
    const lost = { Lost: { Type: 'Pass', Next: 'C' } };
    const layout = layOutDefinition({ ...chain, States: { ...chain.States, ...lost } });
    const row = (name: string) => layout.states.find((state) => state.name === name)?.y;
    expect(row('Lost')).toBe(row('B'));
  });

  it('labels a loop that a Choice closes', () => {
    const layout = layOutDefinition({
      StartAt: 'Poll',
      States: {
        Poll: { Type: 'Task', Next: 'Ready?' },
        'Ready?': {
          Type: 'Choice',
          Choices: [{ Variable: '$.ready', BooleanEquals: false, Next: 'Poll' }],
          Default: 'Done',
        },
        Done: { Type: 'Succeed' },
      },
    });
    const loop = layout.edges.find(({ from, to }) => from === 'Ready?' && to === 'Poll');
    expect(loop?.labels).toEqual(['ready is false']);
    expect(loop?.label).not.toBeNull();
  });

  it('survives a chain of 5,000 states', () => {
    const States = Object.fromEntries(
      Array.from({ length: 5000 }, (_, i) => [
        `S${i}`,
        i === 4999 ? { Type: 'Pass', End: true } : { Type: 'Pass', Next: `S${i + 1}` },
      ]),
    );
    expect(layOutDefinition({ StartAt: 'S0', States }).states).toHaveLength(5000);
  });
});

describe('a rounded path', () => {
  it('turns corners with a curve no longer than half a side', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 0, y: 10 },
      { x: 100, y: 10 },
    ];
    expect(roundedPath(points)).toBe('M0 0L0 5Q0 10 8 10L100 10');
  });
});
