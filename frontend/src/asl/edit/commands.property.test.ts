import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Definition } from '../definition';
import { commandFor, dice, starts } from './chance.fixture';
import { orders } from './edit.fixture';
import { structureProblems } from './structure';

describe('any sequence of commands', () => {
  it('breaks nothing that was whole, and never changes what it was given', () => {
    let carriedOut = 0;
    fc.assert(
      fc.property(
        starts,
        fc.array(dice, { minLength: 1, maxLength: 25, size: 'max' }),
        (start, sequence) => {
          const known = new Set(structureProblems(start).map(({ message }) => message));
          let definition = start;
          for (const each of sequence) {
            const before = JSON.stringify(definition);
            const outcome = commandFor(definition, each)(definition);
            expect(JSON.stringify(definition)).toBe(before);
            if (!outcome.ok) {
              expect(outcome.message).not.toBe('');
              continue;
            }
            carriedOut++;
            definition = outcome.definition;
            const problems = structureProblems(definition).map(({ message }) => message);
            if (known.size === 0) expect(problems).toEqual([]);
          }
        },
      ),
      { numRuns: 150 },
    );
    // The property would hold of commands that refuse everything, too.
    expect(carriedOut).toBeGreaterThan(500);
  });

  it('keeps fields that it knows nothing of', () => {
    const odd = JSON.parse(JSON.stringify(orders)) as Definition;
    Object.assign(odd.States?.Ship ?? {}, { 'x-note': { keep: ['me'] } });
    fc.assert(
      fc.property(fc.array(dice, { maxLength: 15 }), (sequence) => {
        let definition: Definition = odd;
        for (const each of sequence) {
          const outcome = commandFor(definition, each)(definition);
          if (outcome.ok) definition = outcome.definition;
        }
        const text = JSON.stringify(definition);
        const ships = (text.match(/"x-note":\{"keep":\["me"\]\}/g) ?? []).length;
        const copies = (text.match(/"x-note"/g) ?? []).length;
        expect(ships).toBe(copies);
      }),
    );
  });
});
