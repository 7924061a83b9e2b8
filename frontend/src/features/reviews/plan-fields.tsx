import { useId } from 'react';

import type { Plan } from '@/api/reviews';

/** How an alias is moved: at once, in even steps, a few first; or shared by two versions. */
export interface PlanValues {
  kind: 'AT_ONCE' | 'SHARED' | Plan['kind'];
  stepPercent: number;
  minutes: number;
  failurePercent: number | null;
  minimumExecutions: number;
}

export const AT_ONCE: PlanValues = {
  kind: 'AT_ONCE',
  stepPercent: 10,
  minutes: 5,
  failurePercent: 10,
  minimumExecutions: 20,
};

/** The plan as the server takes it; undefined: it is routed at once. */
export function planOf(values: PlanValues): Plan | undefined {
  if (values.kind === 'AT_ONCE' || values.kind === 'SHARED') return undefined;
  return {
    kind: values.kind,
    stepPercent: values.stepPercent,
    intervalSeconds: Math.round(values.minutes * 60),
    failurePercent: values.failurePercent,
    minimumExecutions: values.minimumExecutions,
  };
}

function NumberField({
  label,
  value,
  least,
  most,
  onChange,
}: {
  label: string;
  value: number;
  least: number;
  most: number;
  onChange: (value: number) => void;
}) {
  const id = useId();
  return (
    <span>
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="input"
        type="number"
        min={least}
        max={most}
        required
        value={value}
        onChange={({ target }) => onChange(target.valueAsNumber || least)}
      />
    </span>
  );
}

const KINDS: [PlanValues['kind'], string][] = [
  ['AT_ONCE', 'At once'],
  ['LINEAR', 'Gradually, in even steps'],
  ['CANARY', 'A few first, then all'],
  ['SHARED', 'Two versions, by weight'],
];
export const GRADUAL_KINDS: PlanValues['kind'][] = ['AT_ONCE', 'LINEAR', 'CANARY'];

export function PlanFields({
  values,
  kinds = GRADUAL_KINDS,
  onChange,
}: {
  values: PlanValues;
  kinds?: PlanValues['kind'][];
  onChange: (values: PlanValues) => void;
}) {
  const id = useId();
  const gradual = planOf(values) !== undefined;
  return (
    <div className="plan-fields">
      <label className="field-label" htmlFor={id}>
        How
      </label>
      <select
        id={id}
        className="input"
        value={values.kind}
        data-testid="plan-kind"
        onChange={({ target }) => onChange({ ...values, kind: target.value as PlanValues['kind'] })}
      >
        {KINDS.filter(([kind]) => kinds.includes(kind)).map(([kind, words]) => (
          <option key={kind} value={kind}>
            {words}
          </option>
        ))}
      </select>
      {gradual && (
        <div className="plan-numbers">
          <NumberField
            label={values.kind === 'LINEAR' ? 'Percent a step' : 'Percent at first'}
            least={1}
            most={99}
            value={values.stepPercent}
            onChange={(stepPercent) => onChange({ ...values, stepPercent })}
          />
          <NumberField
            label={values.kind === 'LINEAR' ? 'Minutes between steps' : 'Minutes until all'}
            least={1}
            most={43_200}
            value={values.minutes}
            onChange={(minutes) => onChange({ ...values, minutes })}
          />
          <label className="plan-failure">
            <input
              type="checkbox"
              checked={values.failurePercent !== null}
              onChange={({ target }) =>
                onChange({ ...values, failurePercent: target.checked ? 10 : null })
              }
            />
            Go back where too many fail
          </label>
          {values.failurePercent !== null && (
            <>
              <NumberField
                label="Percent that fail"
                least={1}
                most={100}
                value={values.failurePercent}
                onChange={(failurePercent) => onChange({ ...values, failurePercent })}
              />
              <NumberField
                label="Of at least (executions)"
                least={1}
                most={100_000}
                value={values.minimumExecutions}
                onChange={(minimumExecutions) => onChange({ ...values, minimumExecutions })}
              />
            </>
          )}
        </div>
      )}
    </div>
  );
}
