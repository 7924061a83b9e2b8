import { expect, it } from 'vitest';

import { insertFirst, single } from '@/asl/edit';
import { after, chain } from '@/asl/edit/edit.fixture';
import { TOP } from '@/asl/edit/scopes';
import { layOutDefinition } from '@/asl/layout/graph-layout';

import { shiftBetween } from './anchor';

it('says how far what stays has moved', () => {
  const before = layOutDefinition(chain('A', 'B'));
  const made = after(chain('A', 'B'), insertFirst(TOP, single('Nap', { Type: 'Wait' })));
  const now = layOutDefinition(made);
  const shift = shiftBetween(before, now, 'B');
  const at = (name: string) => now.states.find((each) => each.name === name)?.y ?? 0;
  expect(shift).toEqual({ x: 0, y: at('A') - at('Nap') });
  expect(shiftBetween(before, before, 'A')).toEqual({ x: 0, y: 0 });
  expect(shiftBetween(before, layOutDefinition(chain('C')), 'A')).toBeNull();
});
