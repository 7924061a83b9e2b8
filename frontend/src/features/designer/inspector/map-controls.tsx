/** Controls of a Map's fields, which are alike in what its items come from and where they go. */

import { setField, setTemplateMember, type FieldPath } from '@/asl/edit';
import { argumentsField } from '@/asl/edit/distributed-map';
import { objectAt } from '@/asl/edit/exchange';
import type { AnyState } from '@/asl/edit/scopes';

import { useEditor, useEditorStore } from '../editor-store';
import { SelectField, TextField } from './controls';
import { LimitField } from './limit-field';
import type { Problem } from './problem-line';
import { useOffers } from './use-offers';
import { written } from './written';

export type Options = readonly (readonly [string, string])[];

/** Of a list of choices: what is not said. */
export const NONE = ['', 'the usual'] as const;

export interface MapProps {
  name: string;
  state: AnyState;
  jsonata: boolean;
  problem: (field: string) => Problem | undefined;
}

/** The controls of one Map's fields; `given` is the field that its arguments stand in. */
export function useMapControls({ name, state, jsonata, problem }: MapProps) {
  const { apply } = useEditorStore().getState();
  const definition = useEditor(({ document }) => document.definition);
  const offers = useOffers(name, jsonata ? 'JSONata' : 'JSONPath');
  const given = argumentsField(definition, state);
  const effective = offers(jsonata ? 'input' : 'effective');

  const text = (path: FieldPath, member: string, label: string, help = '') => (
    <TextField
      label={label}
      value={written(objectAt(state, path)[member], 'text')}
      testId={`field-${member}`}
      {...(help !== '' && { help, about: member })}
      onCommit={(value) =>
        apply(setField(name, [...path, member], value || undefined), `Change ${label}`)
      }
    />
  );
  /** A member of a payload template: a text, or a path to it. */
  const template = (path: FieldPath, member: string, label: string) => {
    const record = objectAt(state, path);
    return (
      <TextField
        label={label}
        value={written(record[member] ?? record[`${member}.$`], 'text')}
        testId={`field-${String(path[0])}-${member}`}
        offers={effective}
        onCommit={(value) =>
          apply(
            jsonata
              ? setField(name, [...path, member], value || undefined)
              : setTemplateMember(name, path, member, value || undefined),
            `Change ${label}`,
          )
        }
      />
    );
  };
  const choice = (path: FieldPath, member: string, label: string, options: Options) => (
    <SelectField
      label={label}
      value={written(objectAt(state, path)[member], 'text')}
      options={options}
      testId={`field-${member}`}
      onCommit={(value) =>
        apply(setField(name, [...path, member], value || undefined), `Change ${label}`)
      }
    />
  );
  const limit = (path: FieldPath, field: string, label: string, help: string) => (
    <LimitField
      {...{ name, state, path, field, label, help, jsonata }}
      offers={effective}
      problem={path.length === 0 ? problem(field) : undefined}
    />
  );

  return { apply, given, effective, text, template, choice, limit };
}
