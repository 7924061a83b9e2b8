import { describe, expect, it } from 'vitest';

import {
  fieldOfFinding,
  notesOf,
  pathOfLocation,
  placeOfFinding,
  stateOfFinding,
} from './locations';

const finding = (location: string, severity = 'ERROR') => ({
  location,
  severity,
  code: 'X',
  message: location,
  range: null,
  fixes: [],
});

describe('locations', () => {
  it('lead to the innermost state and its field', () => {
    const inner = { location: '/States/Both/Branches/0/States/7/Next' };
    expect(pathOfLocation(inner.location)).toEqual([
      'States',
      'Both',
      'Branches',
      0,
      'States',
      '7',
      'Next',
    ]);
    expect(stateOfFinding(inner)).toBe('7');
    expect(fieldOfFinding(inner)).toBe('Next');
    expect(stateOfFinding({ location: '/States/a~1b' })).toBe('a/b');
    expect(stateOfFinding({ location: '/StartAt' })).toBeNull();
    expect(fieldOfFinding({ location: '/StartAt' })).toBe('StartAt');
  });
  it('have positions in brackets, too, as AWS writes them', () => {
    const inner = { location: '/States/Both/Branches[1]/States/Pay[2]/Catch[0]/Next' };
    expect(pathOfLocation(inner.location)).toEqual([
      ...['States', 'Both', 'Branches', 1, 'States', 'Pay[2]', 'Catch', 0, 'Next'],
    ]);
    expect(stateOfFinding(inner)).toBe('Pay[2]');
    expect(fieldOfFinding(inner)).toBe('Catch');
    expect(placeOfFinding(inner)).toEqual(['Catch', 0, 'Next']);
    expect(placeOfFinding({ location: '/States/Pay' })).toEqual([]);
  });
  it('are counted by state, the worst first', () => {
    const notes = notesOf([
      finding('/States/A/Next', 'WARNING'),
      finding('/States/A/Type'),
      finding('/StartAt'),
    ]);
    expect([...notes]).toEqual([['A', { severity: 'ERROR', count: 2, first: '/States/A/Type' }]]);
  });
});
