import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { matching, offersAt, tokenBefore } from './offers';

const offered = {
  input: ['$', '$.order', '$.order.id'],
  effective: ['$', '$.id'],
  result: ['$', '$.Payload'],
  selected: ['$'],
  combined: ['$', '$.order', '$.payment'],
  output: ['$'],
  variables: ['customer'],
};

describe('what is offered', () => {
  it('is what is there at that stage', () => {
    expect(offersAt('input', offered, 'JSONPath')).toContain('$.order.id');
    expect(offersAt('effective', offered, 'JSONPath').slice(0, 3)).toEqual([
      '$',
      '$.id',
      '$customer',
    ]);
    expect(offersAt('error', offered, 'JSONPath')).toContain('$.Cause');
    expect(offersAt('input', offered, 'JSONPath')).toContain('$$.Execution.Id');
  });
  it('has its own names in JSONata, and a result only once there is one', () => {
    const before = offersAt('input', offered, 'JSONata');
    expect(before.slice(0, 4)).toEqual([
      '$states.input',
      '$states.input.order',
      '$states.input.order.id',
      '$customer',
    ]);
    expect(before.some((each) => each.startsWith('$states.result'))).toBe(false);
    expect(offersAt('result', offered, 'JSONata')).toContain('$states.result.Payload');
    expect(offersAt('error', offered, 'JSONata')).toContain('$states.errorOutput.Cause');
  });
});

describe('the token before the caret', () => {
  it('begins at its dollar, wherever it stands', () => {
    expect(tokenBefore('{"a.$": "$.or', 13)).toEqual({ from: 9, token: '$.or' });
    expect(tokenBefore("{% $states.input.order & ' '", 22)?.token).toBe('$states.input.order');
    expect(tokenBefore('$$.Exec', 7)?.token).toBe('$$.Exec');
    expect(tokenBefore('States.For', 10)?.token).toBe('States.For');
    expect(tokenBefore('plain text', 10)).toBeNull();
  });
  it('is a part of the text that ends at the caret', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(40), (text, at) => {
        const caret = Math.min(at, text.length);
        const found = tokenBefore(text, caret);
        if (found) expect(text.slice(found.from, caret)).toBe(found.token);
      }),
    );
  });
});

describe('matching', () => {
  it('goes on from what is written, whatever its case, and is silent when it is complete', () => {
    const options = offersAt('input', offered, 'JSONPath');
    expect(matching(options, '$.ORD')).toEqual(['$.order', '$.order.id']);
    expect(matching(options, '$.order.id')).toEqual([]);
    expect(matching(options, '$.nothing')).toEqual([]);
  });
});
