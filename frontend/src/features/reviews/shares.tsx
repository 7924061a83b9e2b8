import type { Aliases } from '@/api/reviews';

type Alias = Aliases['results'][number];

/** Two versions that an alias starts; `first` has `percent` of it, `second` the rest. */
export interface Shares {
  first: number;
  second: number;
  percent: number;
}

const LEAST = 1;
const MOST = 99;

/** As they are; of an alias that starts one version, a tenth for the latest other one. */
export function sharesOf(alias: Alias | null, versions: number[]): Shares {
  const [one, two] = alias?.routes ?? [];
  const first = one?.version ?? versions[1] ?? versions[0] ?? 0;
  const second = two?.version ?? versions.find((each) => each !== first) ?? first;
  return { first, second, percent: two === undefined ? 90 : (one?.weight ?? 90) };
}

export const routesOf = ({ first, second, percent }: Shares) => [
  { version: first, weight: percent },
  { version: second, weight: 100 - percent },
];

/** A choice of two versions, and how much of what is started each of them has. */
export function SharesFields({
  shares,
  versions,
  onChange,
}: {
  shares: Shares;
  versions: number[];
  onChange: (shares: Shares) => void;
}) {
  const { first, second, percent } = shares;
  const side = (which: 'first' | 'second') => {
    const other = which === 'first' ? second : first;
    return (
      <select
        className="input"
        aria-label={which === 'first' ? 'One version' : 'The other version'}
        value={shares[which]}
        data-testid={`share-${which}`}
        onChange={({ target }) => {
          const chosen = Number(target.value);
          // Whoever chooses the one that stands on the other side means to swap them.
          onChange({
            ...shares,
            ...(chosen === other ? { first: second, second: first } : { [which]: chosen }),
          });
        }}
      >
        {versions.map((each) => (
          <option key={each} value={each}>
            version {each}
          </option>
        ))}
      </select>
    );
  };
  const put = (given: number) =>
    onChange({ ...shares, percent: Math.min(MOST, Math.max(LEAST, Math.round(given) || LEAST)) });
  return (
    <div className="shares">
      {side('first')}
      <span className="share-percent">
        <input
          className="input"
          type="number"
          min={LEAST}
          max={MOST}
          required
          aria-label={`Percent of version ${first}`}
          value={percent}
          data-testid="share-percent"
          onChange={({ target }) => put(target.valueAsNumber)}
        />
        %
      </span>
      {side('second')}
      <span className="share-percent muted">{100 - percent} %</span>
      <input
        type="range"
        min={LEAST}
        max={MOST}
        value={percent}
        aria-label={`Percent of version ${first}, as a slider`}
        onChange={({ target }) => put(target.valueAsNumber)}
      />
    </div>
  );
}
