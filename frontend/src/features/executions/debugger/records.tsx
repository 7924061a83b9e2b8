import type { DebuggerView } from '@/api/debugger';
import { TimeAgo } from '@/ui/time';

import './debug-pane.css';

type DebuggerRecord = DebuggerView['records'][number];

const WORDS: Record<string, string> = {
  BreakpointSet: 'set a breakpoint',
  BreakpointRemoved: 'removed a breakpoint',
  PauseAsked: 'asked everything to pause',
  Paused: 'paused it',
  Continued: 'let it go on',
  SteppedOver: 'stepped over',
  SteppedInto: 'stepped into',
  SteppedOut: 'stepped out',
  RanTo: 'ran to',
  InputEdited: 'edited the input',
  OutputEdited: 'edited the output',
  VariablesEdited: 'edited the variables',
  Skipped: 'skipped the state',
  Failed: 'let the state fail',
  RetriedNow: 'had it tried again at once',
  Detached: 'detached the debugger',
  Ended: 'It ended while paused',
};

const text = (value: unknown) => (typeof value === 'string' ? value : null);

function Details({ details }: { details: DebuggerRecord['details'] }) {
  const { before, after, result, error, cause, condition } = details;
  const lines: [string, unknown][] = [
    ['was', before],
    ['is', after],
    ['result', result],
    ['error', error],
    ['cause', cause],
    ['if', condition],
  ];
  const said = lines.flatMap(([name, value]) => {
    const shown = text(value);
    return shown === null ? [] : [{ name, shown }];
  });
  if (said.length === 0) return null;
  return (
    <dl className="record-details">
      {said.map(({ name, shown }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <code>{shown}</code>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What was done by whoever debugged it, the latest first; `state` narrows it to one state. */
export function DebuggerRecords({
  view,
  state,
}: {
  view: DebuggerView | undefined;
  state?: string;
}) {
  const records = view?.records.filter((each) => state === undefined || each.state === state) ?? [];
  if (records.length === 0) return null;
  return (
    <section className="records" aria-label="What was done while debugging">
      <h3>Debugged</h3>
      <ol>
        {records.map((each) => {
          const where = each.state ?? text(each.details.breakpoint) ?? text(each.details.target);
          return (
            <li
              key={each.id}
              data-testid="debugger-record"
              data-action={each.action}
              data-edit={each.action.endsWith('Edited') || undefined}
            >
              <span>
                {each.by !== '' && <strong>{each.by}</strong>} {WORDS[each.action] ?? each.action}
                {where !== null && state === undefined && ` at ${where}`}
                {each.action === 'Ended' && ` (${text(each.details.status) ?? ''})`}
              </span>
              <span className="muted">
                after event {each.eventId}, <TimeAgo at={each.at} />
              </span>
              <Details details={each.details} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}
