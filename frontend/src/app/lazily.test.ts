import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { persistently } from './lazily';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what fails at first is loaded once the server is back', async () => {
  const load = vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new Error('away'))
    .mockRejectedValueOnce(new Error('away'))
    .mockResolvedValue('part');
  const loading = persistently(load);
  await vi.advanceTimersByTimeAsync(2000);
  expect(await loading).toBe('part');
  expect(load).toHaveBeenCalledTimes(3);
});

test('what is not there is given up in the end', async () => {
  const load = vi.fn<() => Promise<string>>().mockRejectedValue(new Error('gone'));
  const loading = expect(persistently(load, 3)).rejects.toThrow('gone');
  await vi.advanceTimersByTimeAsync(60_000);
  await loading;
  expect(load).toHaveBeenCalledTimes(3);
});
