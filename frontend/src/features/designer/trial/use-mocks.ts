import { useQuery } from '@tanstack/react-query';

import { listMocks } from '@/api/client';

export const mocksKey = (machine: string) => ['mocks', machine];

/** The mocks that are saved beside a definition. */
export const useMocks = (machine: string) =>
  useQuery({ queryKey: mocksKey(machine), queryFn: ({ signal }) => listMocks(machine, signal) })
    .data ?? [];
