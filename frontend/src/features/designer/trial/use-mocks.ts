import { useQuery } from '@tanstack/react-query';

import { listMocks, type Mock } from '@/api/trials';

import { useTrial } from './trial-store';

export const mocksKey = (machine: string) => ['mocks', machine];

/** The mocks that are saved beside a definition. */
export const useMocks = (machine: string) =>
  useQuery({ queryKey: mocksKey(machine), queryFn: ({ signal }) => listMocks(machine, signal) })
    .data ?? [];

/** Those of a state. Until its new name is published, those that are saved for the old one, too. */
export function useMocksOf(machine: string, state: string): Mock[] {
  const known = useTrial((trial) =>
    Object.hasOwn(trial.known, state) ? trial.known[state] : undefined,
  );
  const mocks = useMocks(machine);
  const own = mocks.filter((mock) => mock.state === state);
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...mocks.filter((mock) => mock.state === known && !names.has(mock.name))];
}
