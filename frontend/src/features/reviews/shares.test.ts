import { describe, expect, it } from 'vitest';

import { routesOf, sharesOf } from './shares';

const alias = (...routes: { version: number; weight: number }[]) => ({
  name: 'live',
  description: '',
  routes,
  updateDate: '2026-01-01T00:00:00Z',
});

describe('shares of two versions', () => {
  it('begin with a tenth for the latest version that is not started yet', () => {
    const shares = sharesOf(alias({ version: 2, weight: 100 }), [4, 3, 2, 1]);
    expect(routesOf(shares)).toEqual([
      { version: 2, weight: 90 },
      { version: 4, weight: 10 },
    ]);
  });

  it('are what the alias has', () => {
    const routes = [
      { version: 3, weight: 75 },
      { version: 1, weight: 25 },
    ];
    expect(routesOf(sharesOf(alias(...routes), [4, 3, 2, 1]))).toEqual(routes);
  });

  it('of a new alias are the two latest versions', () => {
    expect(sharesOf(null, [4, 3, 1])).toEqual({ first: 3, second: 4, percent: 90 });
  });
});
