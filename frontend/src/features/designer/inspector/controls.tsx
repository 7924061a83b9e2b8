import { useId, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react';

import { SuggestionList } from '../offers/suggestion-list';
import { useSuggestions } from '../offers/use-suggestions';
import { FieldHelp } from './field-help';
import { ProblemLine, type Problem } from './problem-line';

/** A labelled field with its help and its problem. */
export function Labelled({
  label,
  help,
  problem,
  about,
  children,
}: {
  label: string;
  help?: string | undefined;
  problem?: Problem | undefined;
  /** The field's own name, where the pages of help know it. */
  about?: string | undefined;
  children: (ids: {
    id: string;
    'aria-describedby': string;
    'aria-invalid': boolean;
    'data-advice': true | undefined;
  }) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="inspector-field">
      <span className="inspector-label">
        <label htmlFor={id} title={help}>
          {label}
        </label>
        {help !== undefined && about !== undefined && <FieldHelp name={about} help={help} />}
      </span>
      {children({
        id,
        'aria-describedby': `${id}-problem`,
        'aria-invalid': problem?.severity === 'ERROR',
        'data-advice': problem && problem.severity !== 'ERROR' ? true : undefined,
      })}
      <ProblemLine id={`${id}-problem`} problem={problem} />
    </div>
  );
}

interface TextProps {
  label: string;
  value: string;
  onCommit: (value: string) => void;
  help?: string | undefined;
  placeholder?: string | undefined;
  problem?: Problem | undefined;
  testId?: string;
  lines?: number;
  /** Words for people, and nothing of the language. */
  prose?: boolean;
  /** Says why a text cannot be taken, or nothing. */
  check?: (value: string) => string | undefined;
  about?: string | undefined;
  /** What can be written in it: paths and variables. */
  offers?: (() => Promise<string[]>) | undefined;
}

/** A text that is taken over when the field is left, or with Enter: one step of the history. */
export function TextField(props: TextProps) {
  const { label, value, onCommit, help, placeholder, problem, testId, lines, check } = props;
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  // A value that changed elsewhere begins the field anew; it stays where it is, with the focus.
  if (value !== known) {
    setKnown(value);
    setText(value);
  }
  const suggestions = useSuggestions(props.offers, setText);
  const message = text === value ? undefined : check?.(text);
  const wrong: Problem | undefined =
    message === undefined ? undefined : { message, severity: 'ERROR' };
  const commit = () => {
    if (text !== value && wrong === undefined) onCommit(text);
  };
  const press = (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    if (suggestions.press(event)) return;
    if (event.key === 'Escape' && text !== value) {
      setText(value);
      // Taken back; the next Escape leaves the inspector.
      event.preventDefault();
    }
    if (event.key !== 'Enter' || (lines !== undefined && !event.ctrlKey && !event.metaKey)) return;
    event.preventDefault();
    commit();
  };
  const shared = {
    className: props.prose ? 'input prose' : 'input',
    value: text,
    placeholder,
    spellCheck: false,
    'data-testid': testId,
    ...suggestions.aria,
    onBlur: () => {
      suggestions.close();
      commit();
    },
    onKeyDown: press,
    onChange: ({ target }: { target: HTMLInputElement | HTMLTextAreaElement }) => {
      setText(target.value);
      suggestions.look(target);
    },
  };
  return (
    <Labelled label={label} help={help} problem={wrong ?? problem} about={props.about}>
      {(ids) => (
        <span className="suggested">
          {lines === undefined ? (
            <input
              {...ids}
              {...shared}
              // A field of several lines cannot be one.
              {...(props.offers && {
                role: 'combobox',
                'aria-expanded': suggestions.shown !== null,
              })}
            />
          ) : (
            <textarea
              {...ids}
              {...shared}
              style={{ '--lines': lines } as CSSProperties}
              rows={Math.min(14, Math.max(lines, text.split('\n').length))}
            />
          )}
          {suggestions.shown && <SuggestionList {...suggestions.shown} />}
        </span>
      )}
    </Labelled>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onCommit: (value: string) => void;
  testId?: string;
  problem?: Problem | undefined;
  help?: string | undefined;
  about?: string | undefined;
}

export function SelectField(props: SelectProps) {
  const { label, value, options, onCommit, testId, problem, help, about } = props;
  const known = options.some(([each]) => each === value);
  return (
    <Labelled label={label} problem={problem} help={help} about={about}>
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

interface CheckProps {
  label: string;
  checked: boolean;
  onCommit: (checked: boolean) => void;
  testId: string;
  problem?: Problem | undefined;
  help?: string | undefined;
  about?: string | undefined;
}

export function CheckField(props: CheckProps) {
  const { label, checked, onCommit, testId, problem, help, about } = props;
  return (
    <Labelled label={label} problem={problem} help={help} about={about}>
      {(ids) => (
        <input
          {...ids}
          type="checkbox"
          className="inspector-check"
          checked={checked}
          data-testid={testId}
          onChange={({ target }) => onCommit(target.checked)}
        />
      )}
    </Labelled>
  );
}
