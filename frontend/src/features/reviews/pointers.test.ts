import { describe, expect, it } from 'vitest';

import { fieldsOf, placeName, statePointers } from './pointers';

describe('places in a definition', () => {
  it('finds states at any depth', () => {
    const found = statePointers({
      StartAt: 'Fan',
      States: {
        Fan: {
          Type: 'Parallel',
          Branches: [{ StartAt: 'a/b', States: { 'a/b': { Type: 'Pass' } } }],
        },
        Each: { Type: 'Map', ItemProcessor: { StartAt: 'One', States: { One: { Type: 'Pass' } } } },
      },
    });
    expect(Object.fromEntries(found)).toEqual({
      Fan: '/States/Fan',
      'a/b': '/States/Fan/Branches/0/States/a~1b',
      Each: '/States/Each',
      One: '/States/Each/ItemProcessor/States/One',
    });
  });

  it('lists what is in the fields of a state, but not the states within it', () => {
    const fields = fieldsOf({
      Type: 'Parallel',
      Retry: [{ ErrorEquals: ['A'], MaxAttempts: 3 }],
      Branches: [],
    });
    expect(fields.map(({ name }) => name)).toEqual([
      'Type',
      'Retry',
      'Retry[0]',
      'Retry[0].ErrorEquals',
      'Retry[0].ErrorEquals[0]',
      'Retry[0].MaxAttempts',
    ]);
    expect(fields.at(-1)?.pointer).toBe('/Retry/0/MaxAttempts');
  });

  it('calls places as a person would', () => {
    expect(placeName('')).toBe('The whole definition');
    expect(placeName('/StartAt')).toBe('StartAt');
    expect(placeName('/States/Fan/Branches/0/States/a~1b')).toBe('a/b');
    expect(placeName('/States/Pay/Retry/0/MaxAttempts')).toBe('Retry[0].MaxAttempts of Pay');
  });
});
