import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';

import { ApiFailure } from '@/api/client';
import { Toasts } from '@/ui/feedback';

import { router } from './router';

const MOST_RETRIES = 2;

const queries = new QueryClient({
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

export function Providers() {
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  );
}
