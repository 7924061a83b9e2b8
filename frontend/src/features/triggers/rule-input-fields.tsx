import { TextField } from '@/ui/text-field';

import { INPUT_WORDS, type InputKind, type RuleInput } from './rule-input';

const VARIABLES = 'Values are <total>; within a text they stand as text.';

interface Props {
  value: RuleInput;
  onChange: (value: RuleInput) => void;
}

/** Where a rule's executions have their input from. */
export function RuleInputFields({ value, onChange }: Props) {
  const text = (member: 'paths' | 'template' | 'constant', label: string, rows: number) => (
    <TextField
      label={label}
      lines={rows}
      spellCheck={false}
      value={value[member]}
      onChange={(text) => onChange({ ...value, [member]: text })}
    />
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
        <TextField
          label="Input path"
          className="mono"
          required
          placeholder="$.detail"
          maxLength={256}
          autoComplete="off"
          spellCheck={false}
          value={value.path}
          onChange={(path) => onChange({ ...value, path })}
        />
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
