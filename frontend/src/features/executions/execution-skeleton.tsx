import { Skeleton } from '@/ui/feedback';
import { Split } from '@/ui/split';

/** The execution page before anything is known of it: everything already has its place. */
export function ExecutionSkeleton() {
  return (
    <div className="execution-page" aria-busy="true" data-testid="loading">
      <header className="page-header">
        <Skeleton width={96} height={24} />
        <Skeleton width={260} height={18} />
        <span className="page-actions">
          <Skeleton width={110} height={32} />
        </span>
      </header>
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
              main={
                <div className="graph-skeleton">
                  {[0, 1, 2, 3].map((each) => (
                    <Skeleton key={each} width={208} height={48} />
                  ))}
                </div>
              }
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
            <div className="events skeleton-rows">
              {[0, 1, 2, 3, 4, 5].map((each) => (
                <Skeleton key={each} width={`${70 - each * 6}%`} />
              ))}
            </div>
          }
        />
      </div>
    </div>
  );
}
