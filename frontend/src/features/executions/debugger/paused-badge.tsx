import { Pause } from 'lucide-react';

import type { ExecutionSummary } from '@/api/executions';
import './debug-bar.css';

/** That an execution is paused: where, since when and by whom in its title. */
export function PausedBadge({ paused }: { paused: ExecutionSummary['paused'] }) {
  if (!paused) return null;
  const more = paused.branches > 1 ? ` and ${paused.branches - 1} more` : '';
  return (
    <span
      className="paused-badge"
      data-testid="paused-badge"
      data-state-name={paused.state}
      data-by={paused.by}
      title={`Paused at ${paused.state}${more} by ${paused.by} since ${new Date(paused.since).toLocaleString()}`}
    >
      <Pause aria-hidden="true" />
      paused by {paused.by}
    </span>
  );
}
