import { describe, expect, it } from 'vitest';

import { orders } from '../edit/edit.fixture';
import { pathOfState, rangeOfState, stateAt } from './positions';
import { writeSource } from './source';
import './yaml';

describe.each(['JSON', 'YAML'] as const)('places in %s', (format) => {
  const text = writeSource(orders, format);
  it('lead to states and back', () => {
    for (const name of ['Validate', 'Paid?', 'Label', 'Count', 'Invoice', 'Apologise']) {
      const range = rangeOfState(text, format, orders, name);
      expect(text.slice(range?.from).replace(/^["']/, '').startsWith(name)).toBe(true);
      expect(stateAt(text, format, (range?.from ?? 0) + 2)).toBe(name);
      expect(stateAt(text, format, text.indexOf('Type', range?.from) + 1)).toBe(name);
    }
    expect(stateAt(text, format, 2)).toBeNull();
    expect(rangeOfState(text, format, orders, 'Nobody')).toBeNull();
    expect(pathOfState(orders, 'Label')).toEqual([
      'States',
      'Both',
      'Branches',
      0,
      'States',
      'Label',
    ]);
  });
});
