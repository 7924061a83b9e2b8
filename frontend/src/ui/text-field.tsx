import { useId, type ComponentProps, type ReactNode } from 'react';

/** What a line and a text of several lines both take. */
type Shared = Pick<
  ComponentProps<'input'>,
  'autoComplete' | 'className' | 'maxLength' | 'minLength' | 'placeholder' | 'readOnly' | 'required'
> & { spellCheck?: boolean };

interface Props extends Shared {
  label: ReactNode;
  value: string;
  onChange: (value: string) => void;
  /** Said beside the label, in small: "may be empty". */
  note?: string;
  /** What is wrong with it; none or empty: nothing is. */
  problem?: string | undefined;
  /** Of a text of several lines, how many are shown. */
  lines?: number;
  /** Of one line: what is typed in it. */
  type?: 'text' | 'password' | 'url';
  testId?: string;
}

/** A text that somebody types: its label, and what is wrong with it. */
export function TextField(props: Props) {
  const {
    label,
    value,
    onChange,
    note,
    problem = '',
    lines,
    type = 'text',
    testId,
    ...rest
  } = props;
  const id = useId();
  const control = {
    ...rest,
    id,
    value,
    className: `input ${rest.className ?? ''}`,
    'data-testid': testId,
    ...(problem !== '' && { 'aria-invalid': true, 'aria-describedby': `${id}-problem` }),
  };
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
        {note !== undefined && <small>{note}</small>}
      </label>
      {lines === undefined ? (
        <input {...control} type={type} onChange={({ target }) => onChange(target.value)} />
      ) : (
        <textarea {...control} rows={lines} onChange={({ target }) => onChange(target.value)} />
      )}
      {problem !== '' && (
        <p className="field-error" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}
