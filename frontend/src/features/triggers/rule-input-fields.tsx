import { INPUT_WORDS, type InputKind, type RuleInput } from './rule-input';

const VARIABLES = 'Values are <total>; within a text they stand as text.';

interface Props {
  value: RuleInput;
  onChange: (value: RuleInput) => void;
}

/** Where a rule's executions have their input from. */
export function RuleInputFields({ value, onChange }: Props) {
  const text = (member: 'paths' | 'template' | 'constant', label: string, rows: number) => (
    <label className="field">
      <span className="field-label">{label}</span>
      <textarea
        className="input"
        value={value[member]}
        rows={rows}
        spellCheck={false}
        onChange={(event) => onChange({ ...value, [member]: event.target.value })}
      />
    </label>
  );
  return (
    <>
      <label className="field">
        <span className="field-label">Input</span>
        <select
          aria-label="Input"
          className="input"
          value={value.kind}
          onChange={(event) => onChange({ ...value, kind: event.target.value as InputKind })}
        >
          {(Object.keys(INPUT_WORDS) as InputKind[]).map((kind) => (
            <option key={kind} value={kind}>
              {INPUT_WORDS[kind]}
            </option>
          ))}
        </select>
      </label>
      {value.kind === 'path' && (
        <label className="field">
          <span className="field-label">Input path</span>
          <input
            className="input mono"
            value={value.path}
            required
            placeholder="$.detail"
            maxLength={256}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ ...value, path: event.target.value })}
          />
        </label>
      )}
      {value.kind === 'template' && (
        <>
          {text('paths', 'Variables (JSON: name and path)', 3)}
          {text('template', `Template. ${VARIABLES}`, 4)}
        </>
      )}
      {value.kind === 'constant' && text('constant', 'Input (JSON)', 4)}
    </>
  );
}
