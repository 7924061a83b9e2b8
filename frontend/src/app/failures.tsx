import { Link } from '@tanstack/react-router';
import { Compass, TriangleAlert } from 'lucide-react';

import { ApiFailure } from '@/api/client';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/feedback';

import { useTitle } from './title';

/** An address that leads nowhere. */
export function NotFound() {
  useTitle('Not found');
  return (
    <EmptyState icon={Compass} title="There is nothing at this address">
      <p>
        It may have been renamed or deleted. <Link to="/">All state machines</Link>
      </p>
    </EmptyState>
  );
}

/** A page that could not be shown: what went wrong and a way to try again. */
export function PageFailed({ error: thrown, reset }: { error: unknown; reset: () => void }) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const missing = error instanceof ApiFailure && error.status === 404;
  useTitle(missing ? 'Not found' : 'Something went wrong');
  return (
    <EmptyState
      icon={missing ? Compass : TriangleAlert}
      title={missing ? 'There is nothing at this address' : 'This page could not be shown'}
      {...(!missing && { tone: 'error' as const })}
    >
      <p>{error.message}</p>
      <p>
        <Link to="/">All state machines</Link>
      </p>
      {!missing && <Button onClick={reset}>Try again</Button>}
    </EmptyState>
  );
}
