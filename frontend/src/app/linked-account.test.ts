import { describe, expect, it } from 'vitest';

import { accountIn, isSamePath } from './linked-account';

describe('the account that a link is of', () => {
  it('is in its query', () => {
    const address = {
      pathname: '/state-machines/a%2Fb/proposals/1',
      search: '?workspace=222222222222',
    };
    expect(accountIn(address)).toEqual({ pathname: address.pathname, accountId: '222222222222' });
  });

  it('is none where none is named, or what is named is none', () => {
    for (const search of ['', '?x=1', '?workspace=', '?workspace=12', '?workspace=default']) {
      expect(accountIn({ pathname: '/', search })).toBeNull();
    }
  });
});

it('knows a path however it is escaped', () => {
  expect(isSamePath('/state-machines/%C3%BC', '/state-machines/ü')).toBe(true);
  expect(isSamePath('/a%', '/a%')).toBe(true);
  expect(isSamePath('/a', '/b')).toBe(false);
});
