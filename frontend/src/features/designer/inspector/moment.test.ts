import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fromLocal, toLocal } from './moment';

describe('a moment', () => {
  it('is the same moment after it was picked', () => {
    const dates = fc.date({
      min: new Date('1971-01-01T00:00:00Z'),
      max: new Date('2999-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        const moment = `${date.toISOString().slice(0, 19)}Z`;
        // When clocks are set back an hour comes twice: only its local name is certain.
        const back = fromLocal(toLocal(moment));
        expect(toLocal(back ?? '')).toBe(toLocal(moment));
        expect(back).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      }),
    );
  });
  it('is none where there is none', () => {
    expect(toLocal('{% $now() %}')).toBe('');
    expect(fromLocal('')).toBeNull();
  });
});
