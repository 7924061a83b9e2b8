import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CalendarClock } from 'lucide-react';
import { useDeferredValue, useState } from 'react';

import {
  createSchedule,
  schedulesQuery,
  scheduleTimesQuery,
  updateSchedule,
  type Schedule,
} from '@/api/triggers';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { TextField } from '@/ui/text-field';

import { clock } from './clock';
import { TargetField } from './target-field';

const ZONES = Intl.supportedValuesOf('timeZone');
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

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

interface Props {
  machine: string;
  /** The schedule that is changed; null: a new one. */
  of: Schedule | null;
  onClose: () => void;
}

/** A new schedule, or other times of one. */
export function ScheduleDialog({ machine, of, onClose }: Props) {
  const queries = useQueryClient();
  const [name, setName] = useState(of?.name ?? '');
  const [expression, setExpression] = useState(of?.expression ?? 'cron(0 7 ? * MON-FRI *)');
  const [timeZone, setTimeZone] = useState(of?.timeZone ?? OWN_ZONE);
  const [input, setInput] = useState(of?.input ?? '{}');
  const [qualifier, setQualifier] = useState(of?.qualifier ?? '');
  const shown = useDeferredValue(expression.trim());
  const save = useMutation({
    mutationFn: () => {
      const given = {
        name: name.trim(),
        expression: expression.trim(),
        timeZone,
        input,
        qualifier,
      };
      return of === null ? createSchedule(machine, given) : updateSchedule(machine, of.id, given);
    },
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
      title={of === null ? 'New schedule' : `The schedule ${of.name}`}
      description="rate(5 minutes), cron(minutes hours day month weekday year) or at(2027-01-31T09:00:00)."
    >
      <ConfirmForm
        deed={{ ...save, mutate: () => save.mutate() }}
        onClose={onClose}
        keep="Cancel"
        testId="schedule-submit"
        fields={
          <div className="trigger-fields">
            <TextField
              label="Name"
              required
              maxLength={64}
              autoComplete="off"
              value={name}
              onChange={setName}
            />
            <TextField
              label="When"
              className="mono"
              required
              maxLength={256}
              autoComplete="off"
              spellCheck={false}
              value={expression}
              onChange={setExpression}
            />
            <label className="field">
              <span className="field-label">Time zone</span>
              <select
                aria-label="Time zone"
                className="input"
                value={timeZone}
                onChange={(event) => setTimeZone(event.target.value)}
              >
                {[...new Set([timeZone, OWN_ZONE, 'UTC', ...ZONES])].map((zone) => (
                  <option key={zone}>{zone}</option>
                ))}
              </select>
            </label>
            <NextTimes expression={shown} timeZone={timeZone} />
            <TextField
              label="Input (JSON)"
              lines={4}
              spellCheck={false}
              value={input}
              onChange={setInput}
            />
            <TargetField machine={machine} value={qualifier} onChange={setQualifier} />
          </div>
        }
      >
        <CalendarClock />
        {of === null ? 'Make schedule' : 'Save schedule'}
      </ConfirmForm>
    </Dialog>
  );
}
