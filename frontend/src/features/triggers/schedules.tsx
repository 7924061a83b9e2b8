import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { deleteSchedule, enableSchedule, schedulesQuery, type Schedule } from '@/api/triggers';

import { clock } from './clock';
import { ScheduleDialog } from './schedule-dialog';
import { Section, Tools } from './section';

/** The schedules of a state machine, each with its next five times. */
export function Schedules({ machine, locked }: { machine: string; locked: string | null }) {
  const query = useQuery(schedulesQuery(machine));
  const [editing, setEditing] = useState<Schedule | 'new' | null>(null);
  return (
    <>
      <Section
        title="Schedules"
        about="Start an execution at set times. After a downtime the latest missed time is made up for."
        query={query}
        none="No schedule yet."
        add="Schedule"
        locked={locked}
        onAdd={() => setEditing('new')}
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
              {each.qualifier && <span className="muted">starts {each.qualifier}</span>}
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
              onEdit={() => setEditing(each)}
              enable={(enabled) => enableSchedule(machine, each.id, enabled)}
              remove={() => deleteSchedule(machine, each.id)}
              warning="No execution is started at its times any more. Those that run go on."
            />
          </li>
        )}
      />
      {editing !== null && (
        <ScheduleDialog
          machine={machine}
          of={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}
