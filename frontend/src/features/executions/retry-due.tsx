import { COUNTED_MS, untilDue } from '@/features/graph/until-due';
import type { RetryDue } from '@/history/retry';
import { useNow } from '@/ui/time';

/** "in 12 s, at 14:05:09": when a state is tried again, counting down. */
export function RetryDueTime({ due }: { due: RetryDue }) {
  const now = useNow(true, COUNTED_MS);
  const at = new Date(due.at * 1000);
  return (
    <span data-testid="retry-due" data-at={due.at}>
      {untilDue(due, now)}
      {due.latest ? ', by ' : ', at '}
      <time dateTime={at.toISOString()} title={at.toISOString()}>
        {at.toLocaleTimeString()}
      </time>
    </span>
  );
}
