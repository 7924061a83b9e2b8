import {
  setBatching,
  setField,
  setItemSource,
  setProcessing,
  setResultWriter,
  setTemplateMember,
  type FieldPath,
  type ItemSource,
  type Processing,
} from '@/asl/edit';
import { argumentsField, itemSourceOf, processingOf } from '@/asl/edit/distributed-map';
import { objectAt } from '@/asl/edit/exchange';
import type { AnyState } from '@/asl/edit/scopes';

import { useEditor, useEditorStore } from '../editor-store';
import { CheckField, SelectField, TextField } from './controls';
import { LimitField } from './limit-field';
import { useOffers } from './use-offers';
import { jsonProblem, read, written } from './written';

type Options = readonly (readonly [string, string])[];

const PROCESSING: Options = [
  ['INLINE', 'inline, in this execution'],
  ['STANDARD', 'as child executions, Standard'],
  ['EXPRESS', 'as child executions, Express'],
];
const SOURCES: Options = [
  ['INPUT', 'the input'],
  ['JSON', 'a JSON file in S3'],
  ['JSONL', 'a JSON Lines file in S3'],
  ['CSV', 'a CSV file in S3'],
  ['PARQUET', 'a Parquet file in S3'],
  ['MANIFEST', 'a manifest in S3'],
  ['OBJECTS', 'the objects of a bucket'],
];
const NONE = ['', 'the usual'] as const;
const MANIFESTS: Options = [
  ['S3_INVENTORY', 'S3 inventory'],
  ['ATHENA_DATA', 'Athena, with its data'],
];
const HEADERS: Options = [
  ['FIRST_ROW', 'in the first row'],
  ['GIVEN', 'given here'],
];
const DELIMITERS: Options = [
  NONE,
  ['COMMA', 'comma'],
  ['PIPE', 'pipe'],
  ['SEMICOLON', 'semicolon'],
  ['SPACE', 'space'],
  ['TAB', 'tab'],
];
const LOADING: Options = [
  NONE,
  ['NONE', 'each object is an item'],
  ['LOAD_AND_FLATTEN', 'what is in each object'],
];
const TRANSFORMATIONS: Options = [
  NONE,
  ['NONE', 'with all of each execution'],
  ['COMPACT', 'outputs only'],
  ['FLATTEN', 'outputs only, lists joined'],
];
const OUTPUTS: Options = [NONE, ['JSON', 'JSON'], ['JSONL', 'JSON Lines']];

interface Props {
  name: string;
  state: AnyState;
  jsonata: boolean;
  problem: (field: string) => string | undefined;
}

/** How a Map works its items off: inline, or distributed with a source, batches and a sink. */
export function MapFields({ name, state, jsonata, problem }: Props) {
  const { apply } = useEditorStore().getState();
  const definition = useEditor(({ document }) => document.definition);
  const offers = useOffers(name, jsonata ? 'JSONata' : 'JSONPath');
  const processing = processingOf(state);
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

  const source = itemSourceOf(state);
  const reader: FieldPath = ['ItemReader', 'ReaderConfig'];
  const batcher: FieldPath = ['ItemBatcher'];
  const writer: FieldPath = ['ResultWriter'];
  const csv = source === 'CSV' || objectAt(state, reader).CSVHeaderLocation !== undefined;
  const headers = objectAt(state, reader).CSVHeaders;
  const expression = typeof objectAt(state, ['ItemReader'])[given] === 'string';

  return (
    <section className="inspector-section" aria-label="Items">
      <h3>Items</h3>
      <SelectField
        label="Run"
        value={processing}
        options={PROCESSING}
        testId="map-processing"
        problem={problem('ItemProcessor')}
        help="Child executions have a history of their own each: for many items, or long ones."
        about="ProcessorConfig"
        onCommit={(value) => apply(setProcessing(name, value as Processing), 'Run items otherwise')}
      />
      {processing !== 'INLINE' && (
        <>
          {text(
            [],
            'Label',
            'Label',
            'A part of the child executions’ ARNs, at most 40 characters.',
          )}
          {limit(
            [],
            'ToleratedFailurePercentage',
            'Tolerated, %',
            'So many of a hundred items may fail before the Map does.',
          )}
          {limit(
            [],
            'ToleratedFailureCount',
            'Tolerated, items',
            'So many items may fail before the Map does.',
          )}
          <h4>Source</h4>
          <SelectField
            label="Items are"
            value={source}
            options={SOURCES}
            testId="map-source"
            problem={problem('ItemReader')}
            help="Where the items come from. A file or a bucket may have millions of them."
            about="ItemReader"
            onCommit={(value) => apply(setItemSource(name, value as ItemSource), 'Items from')}
          />
          {source !== 'INPUT' && (
            <>
              {expression
                ? text(['ItemReader'], given, 'Arguments')
                : template(['ItemReader', given], 'Bucket', 'Bucket')}
              {!expression &&
                template(
                  ['ItemReader', given],
                  source === 'OBJECTS' ? 'Prefix' : 'Key',
                  source === 'OBJECTS' ? 'Prefix' : 'Key',
                )}
              {source === 'JSON' &&
                text(reader, 'ItemsPointer', 'Pointer', 'Where in the file the list is.')}
              {source === 'MANIFEST' && choice(reader, 'ManifestType', 'Manifest', MANIFESTS)}
              {source === 'OBJECTS' && choice(reader, 'Transformation', 'An item is', LOADING)}
              {csv && choice(reader, 'CSVHeaderLocation', 'Column names', HEADERS)}
              {csv && objectAt(state, reader).CSVHeaderLocation === 'GIVEN' && (
                <TextField
                  label="Columns"
                  value={Array.isArray(headers) ? headers.join(', ') : written(headers, 'text')}
                  testId="field-CSVHeaders"
                  help="The names of the columns, in their order."
                  about="CSVHeaders"
                  onCommit={(value) => {
                    const names = value
                      .split(',')
                      .map((each) => each.trim())
                      .filter(Boolean);
                    apply(
                      setField(name, [...reader, 'CSVHeaders'], names.length ? names : undefined),
                      'Change Columns',
                    );
                  }}
                />
              )}
              {csv && choice(reader, 'CSVDelimiter', 'Between them', DELIMITERS)}
              {limit(reader, 'MaxItems', 'Items, at most', 'Reading ends after so many.')}
            </>
          )}
          <h4>Batches</h4>
          <CheckField
            label="In batches"
            checked={state.ItemBatcher !== undefined}
            testId="map-batches"
            problem={problem('ItemBatcher')}
            help='An execution gets several items at once, as {"Items": […]}.'
            about="ItemBatcher"
            onCommit={(on) => apply(setBatching(name, on), 'Batches')}
          />
          {state.ItemBatcher !== undefined && (
            <>
              {limit(batcher, 'MaxItemsPerBatch', 'Items in one', 'So many items at most.')}
              {limit(
                batcher,
                'MaxInputBytesPerBatch',
                'Bytes in one',
                'So many bytes of JSON at most, up to 262,144.',
              )}
              <TextField
                label="With each"
                lines={1}
                value={written(objectAt(state, batcher).BatchInput, 'json')}
                check={jsonProblem}
                testId="field-BatchInput"
                help="What every batch gets beside its items, as BatchInput."
                about="BatchInput"
                offers={effective}
                onCommit={(value) =>
                  apply(
                    setField(name, [...batcher, 'BatchInput'], read(value, 'json')),
                    'Change batch input',
                  )
                }
              />
            </>
          )}
          <h4>Results</h4>
          <CheckField
            label="Into a bucket"
            checked={state.ResultWriter !== undefined}
            testId="map-writer"
            problem={problem('ResultWriter')}
            help="Results are written as files; the state's result says where. Otherwise they are its result, up to 256 KiB."
            about="ResultWriter"
            onCommit={(on) => apply(setResultWriter(name, on), 'Write results')}
          />
          {state.ResultWriter !== undefined && (
            <>
              {typeof objectAt(state, writer)[given] === 'string' ? (
                text(writer, given, 'Arguments')
              ) : (
                <>
                  {template([...writer, given], 'Bucket', 'Bucket')}
                  {template([...writer, given], 'Prefix', 'Prefix')}
                </>
              )}
              {choice([...writer, 'WriterConfig'], 'Transformation', 'Written', TRANSFORMATIONS)}
              {choice([...writer, 'WriterConfig'], 'OutputType', 'As', OUTPUTS)}
            </>
          )}
        </>
      )}
    </section>
  );
}
