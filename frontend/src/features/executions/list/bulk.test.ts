import { expect, it } from 'vitest';

import { ApiFailure } from '@/api/client';
import type { ExecutionSummary } from '@/api/executions';

import { doToAll, redriving, stopping, type Outcome } from './bulk';

const execution = (name: string, status: ExecutionSummary['status']) =>
  ({ executionArn: name, name, status }) as ExecutionSummary;

async function outcomes(
  ...[all, bulk]: Parameters<typeof doToAll> extends [infer A, infer B, ...unknown[]]
    ? [A, B]
    : never
) {
  const told = new Map<string, Outcome[]>();
  await doToAll(
    all,
    bulk,
    (arn, outcome) => told.set(arn, [...(told.get(arn) ?? []), outcome]),
    new AbortController().signal,
  );
  return told;
}

it('gives every execution an outcome of its own, whatever happens to the others', async () => {
  const all = [
    execution('a', 'RUNNING'),
    execution('b', 'SUCCEEDED'),
    execution('c', 'RUNNING'),
    execution('d', 'RUNNING'),
  ];
  const told = await outcomes(
    all,
    stopping(({ name }) => {
      if (name === 'c') return Promise.reject(new ApiFailure(404, 'ExecutionDoesNotExist', 'gone'));
      return Promise.resolve({ status: name === 'd' ? 'SUCCEEDED' : 'ABORTED' });
    }),
  );
  expect(told.get('a')).toEqual([{ state: 'working' }, { state: 'done', says: 'stopped' }]);
  expect(told.get('b')).toEqual([{ state: 'passed', says: 'does not run' }]);
  expect(told.get('c')?.at(-1)).toEqual({
    state: 'failed',
    says: 'ExecutionDoesNotExist: gone',
  });
  expect(told.get('d')?.at(-1)).toEqual({ state: 'done', says: 'had ended: succeeded' });
});

it('does a few at a time, and all of them', async () => {
  let now = 0;
  let most = 0;
  const all = Array.from({ length: 20 }, (_, n) => execution(String(n), 'FAILED'));
  const told = await outcomes(
    all,
    redriving(async () => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      now--;
    }),
  );
  expect(most).toBe(4);
  expect([...told.values()].every((each) => each.at(-1)?.state === 'done')).toBe(true);
});

it('begins nothing more once it is called off', async () => {
  const off = new AbortController();
  const done: string[] = [];
  const all = Array.from({ length: 20 }, (_, n) => execution(String(n), 'FAILED'));
  const bulk = redriving(({ name }) => {
    done.push(name);
    off.abort();
    return Promise.resolve();
  });
  await doToAll(all, bulk, () => undefined, off.signal);
  expect(done.length).toBeLessThanOrEqual(4);
});
