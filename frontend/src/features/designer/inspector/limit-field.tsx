import { exchangeField, setField, type FieldPath } from '@/asl/edit';
import { objectAt } from '@/asl/edit/exchange';
import type { AnyState } from '@/asl/edit/scopes';

import { useEditorStore } from '../editor-store';
import { TextField } from './controls';
import type { Problem } from './problem-line';
import { read, written } from './written';

interface Props {
  name: string;
  state: AnyState;
  /** Where the object with the field stands in the state. */
  path?: FieldPath;
  field: string;
  label: string;
  help: string;
  placeholder?: string | undefined;
  problem?: Problem | undefined;
  jsonata: boolean;
  offers?: (() => Promise<string[]>) | undefined;
}

/**
 * A number, or where it is taken from: in JSONPath a path makes it the field whose name ends with
 * Path, in JSONata it is an expression.
 */
export function LimitField(props: Props) {
  const { name, state, path = [], field, jsonata, ...shown } = props;
  const { apply } = useEditorStore().getState();
  const record = objectAt(state, path);
  const twin = `${field}Path`;
  const form = !jsonata && record[twin] !== undefined ? twin : field;
  return (
    <TextField
      {...shown}
      about={field}
      value={written(record[form], 'limit')}
      testId={`field-${field}`}
      onCommit={(text) => {
        const value = read(text, 'limit');
        const isPath = !jsonata && typeof value === 'string' && value.startsWith('$');
        const command =
          value === undefined
            ? setField(name, [...path, form], undefined)
            : exchangeField(name, path, form, isPath ? twin : field, value);
        apply(command, `Change ${shown.label}`);
      }}
    />
  );
}
