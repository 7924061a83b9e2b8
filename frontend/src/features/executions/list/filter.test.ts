import { expect, it } from 'vitest';

import { readExecutionsSearch } from '@/app/search';

import {
  askedFor,
  counted,
  isFiltered,
  isoTime,
  localTime,
  withPaused,
  withStatus,
} from './filter';

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

it('takes what is paused in place of statuses, and the other way round', () => {
  const failed = readExecutionsSearch({ machine: 'orders', status: 'FAILED' });
  const paused = { ...withPaused(failed), pausedBy: 'ada' };
  expect(paused).toEqual({ machine: 'orders', paused: true, pausedBy: 'ada' });
  expect(askedFor(paused, 0)).toEqual({ stateMachine: 'orders', paused: true, pausedBy: 'ada' });
  expect(counted(paused)).toEqual({ machine: 'orders' });
  expect(withPaused(paused)).toEqual({ machine: 'orders' });
  expect(withStatus(paused, 'RUNNING')).toEqual({ machine: 'orders', status: ['RUNNING'] });
  expect(withStatus(withStatus({}, 'FAILED'), 'FAILED')).toEqual({});
  // By whom says what: an address that only names somebody is about what is paused.
  expect(readExecutionsSearch({ pausedBy: 'ada' })).toEqual({ paused: true, pausedBy: 'ada' });
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
