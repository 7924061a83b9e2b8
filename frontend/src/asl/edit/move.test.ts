import { describe, expect, it } from 'vitest';

import { after, chain, orders, reason, shape } from './edit.fixture';
import { insertAfter } from './insert';
import { copyStates, duplicateStates, moveStates, wrapStates } from './move';
import { TOP } from './scopes';

const edge = (from: string | null, to: string | null) => ({
  scope: TOP,
  from,
  to,
  kind: 'next' as const,
});

describe('moving', () => {
  it('takes a state out and puts it on the edge', () => {
    const made = after(chain('A', 'B', 'C'), moveStates(['A'], edge('C', null)));
    expect(made.StartAt).toBe('B');
    expect(shape(made)).toBe('B>C C>A A.');
    expect(shape(after(chain('A', 'B', 'C'), moveStates(['C'], edge('A', 'B'))))).toBe(
      'A>C C>B B.',
    );
  });
  it('goes from one scope into another', () => {
    const spot = { scope: { container: 'Both', branch: 1 }, from: 'Invoice', to: null };
    const made = after(orders, moveStates(['Items'], { ...spot, kind: 'next' }));
    expect(shape(made, spot.scope)).toBe('Invoice>Items Items.');
    expect(shape(made)).toContain('Both>Ship');
  });
  it('takes a Choice with what only it leads to', () => {
    const longer = after(orders, insertAfter('Ship', chain('Z')));
    const made = after(longer, moveStates(['Both', 'Items'], edge('Z', null)));
    expect(shape(made)).toContain('Z>Both Both>Items Items.');
  });
  it('says why it cannot be', () => {
    expect(reason(moveStates(['A'], edge(null, 'A'))(chain('A', 'B')))).toBe('same-place');
    const inside = { scope: { container: 'Both', branch: 0 }, from: null, to: 'Pack' };
    expect(reason(moveStates(['Both'], { ...inside, kind: 'next' })(orders))).toBe('inside-itself');
    expect(reason(moveStates(['Pack', 'Count'], edge('Ship', null))(orders))).toBe(
      'different-scopes',
    );
  });
});

describe('duplicating and copying', () => {
  it('puts the copy after what was copied', () => {
    expect(shape(after(chain('A', 'B'), duplicateStates(['A'])))).toBe('A>A 2 A 2>B B.');
    expect(shape(after(chain('A', 'B', 'C'), duplicateStates(['A', 'B'])))).toBe(
      'A>B B>A 2 A 2>B 2 B 2>C C.',
    );
    expect(reason(duplicateStates(['Reject'])(orders))).toBe('nothing-follows');
  });
  it('keeps the catcher of a copy where the handler is', () => {
    expect(shape(after(orders, duplicateStates(['Validate'])))).toContain(
      'Validate 2>Paid?|!Apologise',
    );
  });
  it('carries over to another machine, with free names and without the other handlers', () => {
    const copied = copyStates(orders, ['Validate']);
    expect(shape(after(chain('A', 'Validate'), insertAfter('A', copied ?? {})))).toBe(
      'A>Validate 2 Validate 2>Validate Validate.',
    );
    expect(copyStates(orders, ['Pack', 'Count'])).toBeNull();
  });
  it('makes one chain of states that stood apart', () => {
    const copied = copyStates(chain('A', 'B', 'C'), ['A', 'C']);
    expect(shape(copied ?? {})).toBe('A>C C');
  });
});

describe('wrapping', () => {
  it('puts states into a Parallel', () => {
    const made = after(chain('A', 'B', 'C'), wrapStates(['B'], 'Parallel'));
    expect(shape(made)).toBe('A>Parallel Parallel>C C.');
    expect(shape(made, { container: 'Parallel', branch: 0 })).toBe('B.');
  });
  it('puts states into a Map', () => {
    const made = after(chain('A', 'B', 'C'), wrapStates(['A', 'B'], 'Map'));
    expect(made.StartAt).toBe('Map');
    expect(shape(made)).toBe('Map>C C.');
    expect(shape(made, { container: 'Map', branch: 0 })).toBe('A>B B.');
    expect(made.States?.Map?.ItemProcessor?.ProcessorConfig).toEqual({ Mode: 'INLINE' });
  });
  it('lets the container catch what was caught outside', () => {
    const made = after(orders, wrapStates(['Validate'], 'Parallel'));
    expect(shape(made)).toContain('Parallel>Paid?|!Apologise');
    expect(shape(made, { container: 'Parallel', branch: 0 })).toBe('Validate.');
  });
});
