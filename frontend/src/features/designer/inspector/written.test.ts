import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { jsonProblem, read, written } from './written';

describe('what is typed for a value', () => {
  it('gives the value back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = written(value, 'json');
        expect(jsonProblem(text)).toBeUndefined();
        // Whether zero has a sign, JSON does not say.
        expect(read(text, 'json')).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
  it('is an expression without quotes', () => {
    expect(written('{% $states.input %}', 'json')).toBe('{% $states.input %}');
    expect(read(' {% $a %} ', 'json')).toBe('{% $a %}');
    expect(written('{% $a %}', 'limit')).toBe('{% $a %}');
    expect(jsonProblem('{% $a %}')).toBeUndefined();
    expect(jsonProblem('{% $a')).toBeDefined();
  });
  it('may be null, a number, or a path', () => {
    expect(read('null', 'text')).toBeNull();
    expect(written(null, 'text')).toBe('null');
    expect(read('30', 'limit')).toBe(30);
    expect(read('$.most', 'limit')).toBe('$.most');
    expect(read('30', 'text')).toBe('30');
    expect(read('  ', 'json')).toBeUndefined();
  });
});
