import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CalendarClock } from 'lucide-react';
import { useDeferredValue, useState } from 'react';

import {
  createSchedule,
  deleteSchedule,
  enableSchedule,
  schedulesQuery,
  scheduleTimesQuery,
} from '@/api/triggers';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

import { Section, Tools } from './section';

const ZONES = Intl.supportedValuesOf('timeZone');
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A moment on the clock of a zone: "Mon 1 Feb 2027, 07:00". */
function clock(moment: string, timeZone: string) {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(new Date(moment));
}

function NextTimes({ expression, timeZone }: { expression: string; timeZone: string }) {
  const { data, error } = useQuery(scheduleTimesQuery(expression, timeZone));
  return (
    <div className="trigger-times" aria-live="polite" data-testid="next-times">
      {error ? (
        <span className="trigger-problem">{error.message}</span>
      ) : data === undefined ? (
        <span className="muted">The next five times appear here.</span>
      ) : data.length === 0 ? (
        <span className="muted">It does not come up any more.</span>
      ) : (
        data.map((moment) => (
          <time key={moment} dateTime={moment}>
            {clock(moment, timeZone)}
          </time>
        ))
      )}
    </div>
  );
}

function ScheduleDialog({ machine, onClose }: { machine: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [expression, setExpression] = useState('cron(0 7 ? * MON-FRI *)');
  const [timeZone, setTimeZone] = useState(OWN_ZONE);
  const [input, setInput] = useState('{}');
  const shown = useDeferredValue(expression.trim());
  const make = useMutation({
    mutationFn: () =>
      createSchedule(machine, {
        name: name.trim(),
        expression: expression.trim(),
        timeZone,
        input,
      }),
    onSuccess: () => {
      onClose();
      void queries.invalidateQueries(schedulesQuery(machine));
    },
  });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="New schedule"
      description="rate(5 minutes), cron(minutes hours day month weekday year) or at(2027-01-31T09:00:00)."
    >
      <ConfirmForm
        deed={{ ...make, mutate: () => make.mutate() }}
        onClose={onClose}
        keep="Cancel"
        testId="schedule-submit"
        fields={
          <div className="trigger-fields">
            <label className="field">
              <span className="field-label">Name</span>
              <input
                className="input"
                value={name}
                required
                maxLength={64}
                autoComplete="off"
                onChange={(event) => setName(event.target.value)}
              />
            </label>
            <label className="field">
              <span className="field-label">When</span>
              <input
                className="input mono"
                value={expression}
                required
                maxLength={256}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setExpression(event.target.value)}
              />
            </label>
            <label className="field">
              <span className="field-label">Time zone</span>
              <select
                aria-label="Time zone"
                className="input"
                value={timeZone}
                onChange={(event) => setTimeZone(event.target.value)}
              >
                {[...new Set([OWN_ZONE, 'UTC', ...ZONES])].map((zone) => (
                  <option key={zone}>{zone}</option>
                ))}
              </select>
            </label>
            <NextTimes expression={shown} timeZone={timeZone} />
            <label className="field">
              <span className="field-label">Input (JSON)</span>
              <textarea
                className="input"
                value={input}
                rows={4}
                spellCheck={false}
                onChange={(event) => setInput(event.target.value)}
              />
            </label>
          </div>
        }
      >
        <CalendarClock />
        Make schedule
      </ConfirmForm>
    </Dialog>
  );
}

/** The schedules of a state machine, each with its next five times. */
export function Schedules({ machine, locked }: { machine: string; locked: string | null }) {
  const query = useQuery(schedulesQuery(machine));
  const [adding, setAdding] = useState(false);
  return (
    <>
      <Section
        title="Schedules"
        about="Start an execution at set times. After a downtime the latest missed time is made up for."
        query={query}
        none="No schedule yet."
        add="Schedule"
        locked={locked}
        onAdd={() => setAdding(true)}
        testId="schedules"
        row={(each) => (
          <li
            key={each.id}
            className="trigger-row"
            data-off={!each.enabled}
            data-testid="schedule"
            data-name={each.name}
          >
            <span className="trigger-name">
              {each.name}
              <code>{each.expression}</code>
              <span className="muted">{each.timeZone}</span>
              {!each.enabled && <span className="muted">off</span>}
            </span>
            <span className="trigger-facts">
              {each.nextTimes.length === 0
                ? 'It does not come up any more.'
                : each.nextTimes.map((moment) => (
                    <time key={moment} dateTime={moment}>
                      {clock(moment, each.timeZone)}
                    </time>
                  ))}
              {each.missed > 0 && <span>{each.missed} missed</span>}
            </span>
            <Tools
              what={`the schedule ${each.name}`}
              list={schedulesQuery(machine).queryKey}
              enabled={each.enabled}
              locked={locked}
              enable={(enabled) => enableSchedule(machine, each.id, enabled)}
              remove={() => deleteSchedule(machine, each.id)}
              warning="No execution is started at its times any more. Those that run go on."
            />
          </li>
        )}
      />
      {adding && <ScheduleDialog machine={machine} onClose={() => setAdding(false)} />}
    </>
  );
}
