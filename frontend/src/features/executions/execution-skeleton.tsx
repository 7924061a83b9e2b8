import type { Execution } from '@/api/executions';
import { Skeleton } from '@/ui/feedback';
import { Split } from '@/ui/split';

import './debugger/debug-bar.css';
import './event-list.css';
import './scrubber.css';

const FAILED = ['FAILED', 'TIMED_OUT'];

export function GraphSkeleton() {
  return (
    <div className="graph-skeleton">
      {[0, 1, 2, 3].map((each) => (
        <Skeleton key={each} width={208} height={48} />
      ))}
    </div>
  );
}

/**
 * The execution page before its events are there: everything already has its place. The rows that
 * only some executions have are kept free once `execution` says that this is one of them.
 */
export function ExecutionSkeleton({ execution }: { execution: Execution | undefined }) {
  return (
    <div className="execution-page" aria-busy="true" data-testid="loading">
      <header className="page-header">
        <Skeleton width={96} height={24} />
        <Skeleton width={260} height={18} />
        <span className="page-actions">
          <Skeleton width={110} height={32} />
        </span>
      </header>
      {execution?.status === 'RUNNING' && (
        <div className="debug-bar" data-paused="0">
          <Skeleton width={280} />
        </div>
      )}
      <div className="scrubber">
        <Skeleton width="100%" height={6} />
      </div>
      {execution && FAILED.includes(execution.status) && (
        <div className="failure-banner" data-status={execution.status}>
          <Skeleton width={320} />
        </div>
      )}
      <div className="execution-body">
        <Split
          name="execution-events"
          divider="horizontal"
          initial={260}
          least={80}
          most={720}
          label="Height of the event list"
          main={
            <Split
              name="execution-pane"
              divider="vertical"
              initial={420}
              least={300}
              most={900}
              label="Width of the inspection pane"
              main={<GraphSkeleton />}
              panel={
                <div className="pane pane-body skeleton-lines">
                  <Skeleton width="40%" />
                  <Skeleton width="100%" height={140} />
                  <Skeleton width="100%" height={140} />
                </div>
              }
            />
          }
          panel={
            <div className="events">
              <header className="events-header">
                <Skeleton width={230} height={26} />
              </header>
              <div className="skeleton-rows">
                {[0, 1, 2, 3, 4, 5].map((each) => (
                  <Skeleton key={each} width={`${70 - each * 6}%`} />
                ))}
              </div>
            </div>
          }
        />
      </div>
    </div>
  );
}
