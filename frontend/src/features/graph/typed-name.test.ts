import { describe, expect, it } from 'vitest';

import { TypedName } from './typed-name';

const NAMES = ['Validate order', 'Pause', 'Pay', 'Pack it', 'Ship'];

/** Where typing leads, letter by letter, a moment apart. */
function typing(text: string, pause = 100): (number | null)[] {
  const typed = new TypedName();
  let at = 0;
  let now = 5000;
  return Array.from(text).map((key) => {
    now += pause;
    const found = typed.find(key, NAMES, at, now);
    at = found ?? at;
    return found;
  });
}

describe('typing a name', () => {
  it('goes to the first that begins so, from where one is', () => {
    expect(typing('pay')).toEqual([1, 1, 2]);
    expect(typing('Pack it').at(-1)).toBe(3);
  });
  it('goes on to the next with the same letter', () => {
    expect(typing('ppp')).toEqual([1, 2, 3]);
  });
  it('begins anew after a pause', () => {
    expect(typing('ps', 2000)).toEqual([1, 4]);
  });
  it('leaves other keys alone', () => {
    const typed = new TypedName();
    expect(typed.find('ArrowDown', NAMES, 0, 0)).toBeNull();
    expect(typed.find(' ', NAMES, 0, 0)).toBeNull();
    expect(typed.find('?', NAMES, 0, 0)).toBeNull();
    expect(typed.find('z', NAMES, 0, 0)).toBeNull();
  });
});
