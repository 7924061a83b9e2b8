import { useInfiniteQuery, useQuery } from '@tanstack/react-query';

import { revisionsQuery } from '@/api/state-machines';
import { aliasesQuery } from '@/api/reviews';

interface Props {
  machine: string;
  /** The number of a version, the name of an alias, or nothing. */
  value: string;
  onChange: (value: string) => void;
}

/** Which of a state machine is started: what runs now, an alias, or a version. */
export function TargetField({ machine, value, onChange }: Props) {
  const aliases = useQuery(aliasesQuery(machine)).data?.results.map(({ name }) => name) ?? [];
  const revisions = useInfiniteQuery(revisionsQuery(machine)).data?.pages ?? [];
  const versions = revisions
    .flatMap((page) => page.results)
    .flatMap(({ version }) => (version === null ? [] : [String(version)]));
  // What is chosen is among them before they are known, and when they no longer have it.
  const others = value === '' || aliases.includes(value) || versions.includes(value) ? [] : [value];
  return (
    <label className="field">
      <span className="field-label">What is started</span>
      <select
        aria-label="What is started"
        className="input"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">What runs at the time</option>
        {others.map((each) => (
          <option key={each}>{each}</option>
        ))}
        {aliases.map((each) => (
          <option key={each} value={each}>
            Alias {each}
          </option>
        ))}
        {versions.map((each) => (
          <option key={each} value={each}>
            Version {each}
          </option>
        ))}
      </select>
    </label>
  );
}
