import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';

/** A labelled field with its help and its problem. */
export function Labelled({
  label,
  help,
  problem,
  children,
}: {
  label: string;
  help?: string | undefined;
  problem?: string | undefined;
  children: (ids: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="inspector-field">
      <label htmlFor={id} title={help}>
        {label}
      </label>
      {children({ id, 'aria-describedby': `${id}-problem`, 'aria-invalid': problem !== undefined })}
      <p id={`${id}-problem`} className="field-error">
        {problem}
      </p>
    </div>
  );
}

interface TextProps {
  label: string;
  value: string;
  onCommit: (value: string) => void;
  help?: string | undefined;
  placeholder?: string | undefined;
  problem?: string | undefined;
  testId?: string;
  lines?: number;
  /** Says why a text cannot be taken, or nothing. */
  check?: (value: string) => string | undefined;
}

/** A text that is taken over when the field is left, or with Enter: one step of the history. */
export function TextField(props: TextProps) {
  const { value } = props;
  // A value that changed elsewhere begins the field anew.
  return <Draft key={value} {...props} />;
}

function Draft(props: TextProps) {
  const { label, value, onCommit, help, placeholder, problem, testId, lines, check } = props;
  const [text, setText] = useState(value);
  const wrong = text === value ? undefined : check?.(text);
  const commit = () => {
    if (text !== value && wrong === undefined) onCommit(text);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setText(value);
    if (event.key !== 'Enter' || (lines !== undefined && !event.ctrlKey && !event.metaKey)) return;
    event.preventDefault();
    commit();
  };
  const shared = {
    className: 'input',
    value: text,
    placeholder,
    spellCheck: false,
    'data-testid': testId,
    onBlur: commit,
    onKeyDown: press,
  };
  return (
    <Labelled label={label} help={help} problem={wrong ?? problem}>
      {(ids) =>
        lines === undefined ? (
          <input {...ids} {...shared} onChange={({ target }) => setText(target.value)} />
        ) : (
          <textarea
            {...ids}
            {...shared}
            rows={Math.min(14, Math.max(lines, text.split('\n').length))}
            onChange={({ target }) => setText(target.value)}
          />
        )
      }
    </Labelled>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onCommit: (value: string) => void;
  testId?: string;
  problem?: string | undefined;
}

export function SelectField({ label, value, options, onCommit, testId, problem }: SelectProps) {
  const known = options.some(([each]) => each === value);
  return (
    <Labelled label={label} problem={problem}>
      {(ids) => (
        <select
          {...ids}
          className="input"
          value={value}
          data-testid={testId}
          onChange={({ target }) => onCommit(target.value)}
        >
          {/* What the text says is shown, be it wrong: the first option would be a lie. */}
          {!known && (
            <option value={value}>{value === '' ? 'choose…' : `${value} (missing)`}</option>
          )}
          {options.map(([each, text]) => (
            <option key={each} value={each}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

/** Why a text is no JSON, or nothing. An empty text is no value at all. */
export function jsonProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'This is no JSON.';
  }
}
