import type { StatePlace } from '@/asl/definition';
import type { ExecutionModel } from '@/history/model';
import { retryDue } from '@/history/retry';

import { RetryDueTime } from '../retry-due';
import { BreakpointFields } from './breakpoint-fields';
import { placeOf } from './marks';
import { PayloadEditor } from './payload-editor';
import { DebuggerRecords } from './records';
import { StateActions } from './state-actions';
import type { Debugging } from './use-debugger';
import './debug-pane.css';

/** In the pane of a state: its breakpoints, what it has while it is paused, and what was done. */
export function DebugPane({
  debugging,
  place,
  model,
}: {
  debugging: Debugging;
  place: StatePlace;
  model: ExecutionModel;
}) {
  const { view, running, active } = debugging;
  if (!view) return null;
  const { name } = place;
  const paused = active?.state === name ? active : view.paused.find(({ state }) => state === name);
  const waiting = view.waiting.filter(({ state }) => state === name);
  const again = (each: (typeof waiting)[number]) => {
    const visit = model.visits[model.visitOf[each.enteredEventId] ?? -1];
    const due = visit ? retryDue(visit, place.state.Retry) : null;
    return (
      <>
        {placeOf(each)} waits to be tried again{due && ' '}
        {due && <RetryDueTime due={due} />}
      </>
    );
  };
  const hasRecords = view.records.some(({ state }) => state === name);
  if (!running && !hasRecords) return null;
  return (
    <div className="debug-pane" data-testid="debug-pane" data-paused={paused !== undefined}>
      {running && <BreakpointFields key={name} debugging={debugging} place={place} />}
      {running && paused && (
        <>
          <p className="debug-paused">
            Paused {paused.where} <strong>{placeOf(paused)}</strong>
            {paused.where === 'after' &&
              (paused.next === null ? '; its scope ends here' : `; goes on with ${paused.next}`)}
          </p>
          {paused.where === 'before' ? (
            <PayloadEditor {...{ debugging, paused }} edited="input" text={paused.input} />
          ) : (
            <PayloadEditor {...{ debugging, paused }} edited="output" text={paused.output ?? ''} />
          )}
          <PayloadEditor {...{ debugging, paused }} edited="variables" text={paused.variables} />
          <StateActions
            key={paused.at}
            {...{ debugging, place }}
            at={paused.at}
            skips={paused.where === 'before'}
          />
        </>
      )}
      {running &&
        waiting.map((each) => (
          <StateActions
            key={each.at}
            {...{ debugging, place }}
            at={each.at}
            skips
            retries={each.waitsFor === 'retry'}
            heading={
              each.waitsFor === 'retry'
                ? again(each)
                : each.waitsFor === 'wait'
                  ? `${placeOf(each)} waits`
                  : `${placeOf(each)} is under way`
            }
          />
        ))}
      <DebuggerRecords view={view} state={name} />
    </div>
  );
}
