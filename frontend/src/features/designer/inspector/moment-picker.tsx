import { Labelled } from './controls';
import { fromLocal, toLocal } from './moment';

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Picks a moment in the person's own time; what is written is the same moment in UTC. */
export function MomentPicker({
  value,
  onPick,
}: {
  value: string;
  onPick: (moment: string) => void;
}) {
  const local = toLocal(value);
  const commit = (text: string) => {
    const moment = text === local ? null : fromLocal(text);
    if (moment !== null) onPick(moment);
  };
  return (
    <Labelled label="Your time" help={`In the zone of this browser, ${zone}`}>
      {(ids) => (
        <input
          {...ids}
          // Another value from elsewhere begins the field anew.
          key={local}
          type="datetime-local"
          step={1}
          className="input"
          defaultValue={local}
          title={zone}
          data-testid="wait-moment"
          // A date is whole only when the person is done with all of its parts.
          onBlur={({ target }) => commit(target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit(event.currentTarget.value);
          }}
        />
      )}
    </Labelled>
  );
}
