import { expect, it } from 'vitest';

import { readExecutionsSearch } from '@/app/search';

import { askedFor, isFiltered, isoTime, localTime } from './filter';

it('reads an address, and leaves out what it does not know', () => {
  const search = readExecutionsSearch({
    machine: 'orders',
    status: ['FAILED', 'LOST'],
    since: '1h',
    version: 3,
    input: 42,
    after: 'yesterday',
    colour: 'red',
  });
  expect(search).toEqual({
    machine: 'orders',
    status: ['FAILED'],
    since: '1h',
    version: 3,
    input: '42',
  });
  expect(readExecutionsSearch({ status: 'FAILED' })).toEqual({ status: ['FAILED'] });
  expect(isFiltered(readExecutionsSearch({ status: [] }))).toBe(false);
});

it('asks for the last hour anew as time goes on', () => {
  const asked = askedFor({ since: '1h', machine: 'orders' }, Date.UTC(2026, 0, 1, 12));
  expect(asked).toEqual({ stateMachine: 'orders', startedAfter: '2026-01-01T11:00:00.000Z' });
});

it('prefers times that are given', () => {
  const after = '2026-01-01T00:00:00.000Z';
  expect(askedFor({ since: '1h', after }, 0)).toEqual({ startedAfter: after });
});

it('turns times into what a field shows and back', () => {
  const iso = '2026-03-04T05:06:00.000Z';
  expect(isoTime(localTime(iso))).toBe(iso);
  expect([localTime(undefined), isoTime('')]).toEqual(['', undefined]);
});
