import { QueryClient } from '@tanstack/react-query';

import { ApiFailure } from './client';

const MOST_RETRIES = 2;

/** What has been fetched, for the whole page. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      // The server's "no" stays a no; only silence and its own faults are worth another try.
      retry: (failures, error) =>
        failures < MOST_RETRIES &&
        !(error instanceof ApiFailure && error.status >= 400 && error.status < 500),
    },
  },
});
