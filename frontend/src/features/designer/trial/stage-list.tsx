import type { ReactNode } from 'react';

import { JsonView } from '@/ui/json-view';
import { StatusPill } from '@/ui/status';

import { stagesOf } from './stages';
import type { Tried } from './use-tested-state';

const STATUS = {
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  RETRIABLE: 'FAILED',
  CAUGHT_ERROR: 'CAUGHT',
} as const;

/** The data of the chosen state at every stage, as the server computes it. */
export function StageList({ tested, failure, pending, perform }: Tried & { perform?: ReactNode }) {
  if (failure !== null) {
    return (
      <p className="field-error trial-failure" role="alert" data-testid="trial-failure">
        {failure}
      </p>
    );
  }
  if (!tested) return <p className="muted trial-failure">{pending ? 'Being tried…' : ''}</p>;
  const { status, error, cause, nextState, inspectionData, testedAlone } = tested;
  const wait = inspectionData.errorDetails?.retryBackoffIntervalSeconds;
  return (
    <div className="stages" data-pending={pending || undefined} data-testid="stages">
      <p className="stages-end" data-testid="trial-status" data-status={status ?? 'WAITING'}>
        {status === null ? (
          <>
            <span className="muted">
              It waits for its work, which is said to give nothing. Choose on the left what it
              gives.
            </span>
            {perform}
          </>
        ) : (
          <StatusPill status={STATUS[status]} />
        )}
        {status === 'RETRIABLE' && (
          <span>would be tried again{wait ? ` after ${wait} s` : ''}</span>
        )}
        {nextState !== null && (
          <span>
            leads to <strong>{nextState}</strong>
          </span>
        )}
        {error !== null && (
          <span className="field-error">
            {error}
            {cause ? `: ${cause}` : ''}
          </span>
        )}
        {testedAlone && (
          <span className="muted">tried alone: the definition around it has errors</span>
        )}
      </p>
      <ol className="stage-row">
        {stagesOf(tested).map(({ title, text, same }) => (
          <li key={title} className="stage" data-same={same || undefined} data-stage={title}>
            <JsonView label={title} text={text} />
          </li>
        ))}
      </ol>
    </div>
  );
}
