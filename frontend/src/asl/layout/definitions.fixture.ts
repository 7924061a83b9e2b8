/** Definitions for tests and benchmarks, generated from a seed: the same seed, the same definition. */

import type { Definition, Scope, State } from '../definition';

/** A small linear congruential generator; good enough to shuffle shapes. */
function randomFrom(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/**
 * A definition of about `size` states with loops, Choices, Catches, Parallels and Maps, whose
 * transitions jump over at most `reach` states.
 */
export function generateDefinition(seed: number, size: number, reach = Infinity): Definition {
  const random = randomFrom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  let left = size;
  let named = 0;

  const scope = (depth: number, wanted: number): Scope => {
    const names = Array.from({ length: Math.max(1, wanted) }, () => `S${named++}`);
    left -= names.length;
    const states: Record<string, State> = {};
    names.forEach((name, index) => {
      const following = names[index + 1];
      const later =
        names[index + 1 + below(Math.max(1, Math.min(reach, names.length - index - 1)))];
      const anywhere = names[Math.max(0, index - below(Math.min(reach, index + 1)))] ?? name;
      const onward: State = following === undefined ? { End: true } : { Next: following };
      const dice = random();
      if (depth < 4 && left > 4 && dice < 0.18) {
        const branches = 1 + below(3);
        states[name] = {
          Type: 'Parallel',
          Branches: Array.from({ length: branches }, () => scope(depth + 1, 1 + below(4))),
          ...onward,
        };
      } else if (depth < 4 && left > 4 && dice < 0.3) {
        states[name] = { Type: 'Map', ItemProcessor: scope(depth + 1, 1 + below(5)), ...onward };
      } else if (following !== undefined && dice < 0.5) {
        const rules = Array.from({ length: 1 + below(3) }, (_, rule) => ({
          Variable: '$.total',
          NumericGreaterThan: rule * 100,
          Next: random() < 0.2 ? anywhere : (later ?? following),
        }));
        states[name] = { Type: 'Choice', Choices: rules, Default: following };
      } else {
        states[name] = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', ...onward };
      }
      const state = states[name];
      if (state.Type !== 'Choice' && following !== undefined && random() < 0.2) {
        state.Catch = [{ ErrorEquals: ['States.ALL'], Next: later ?? following }];
      }
    });
    return { StartAt: names[0] ?? '', States: states };
  };

  const definition = scope(0, Math.max(3, Math.floor(size / 8)));
  // Whatever did not find a place inside follows as one more scope in a Parallel at the end.
  while (left > 0) {
    const states = definition.States ?? {};
    const last = Object.keys(states).at(-1) ?? '';
    const name = `S${named++}`;
    left--;
    const before = states[last];
    if (before) {
      delete before.End;
      if (before.Type !== 'Choice') before.Next = name;
    }
    states[name] = {
      Type: 'Parallel',
      Branches: [scope(1, 1 + below(6)), scope(1, 1 + below(6))],
      End: true,
    };
  }
  return definition;
}
