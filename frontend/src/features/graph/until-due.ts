import type { RetryDue } from '@/history/retry';
import { duration } from '@/ui/time';

/** How often it is counted: the same moment stands in several places, each with a clock of its own. */
export const COUNTED_MS = 250;

/** How long until then, for a clock in milliseconds: "in 12 s", "within 4 min 5 s", "now". */
export function untilDue({ at, latest }: RetryDue, now: number): string {
  const seconds = Math.ceil(at - now / 1000);
  if (seconds <= 0) return 'now';
  return `${latest ? 'within' : 'in'} ${seconds < 60 ? `${seconds} s` : duration(seconds * 1000)}`;
}
