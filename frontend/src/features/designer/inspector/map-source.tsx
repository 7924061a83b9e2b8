import { setField, setItemSource, type FieldPath, type ItemSource } from '@/asl/edit';
import { itemSourceOf } from '@/asl/edit/distributed-map';
import { objectAt } from '@/asl/edit/exchange';

import { SelectField, TextField } from './controls';
import { NONE, useMapControls, type MapProps, type Options } from './map-controls';
import { written } from './written';

const SOURCES: Options = [
  ['INPUT', 'the input'],
  ['JSON', 'a JSON file in S3'],
  ['JSONL', 'a JSON Lines file in S3'],
  ['CSV', 'a CSV file in S3'],
  ['PARQUET', 'a Parquet file in S3'],
  ['MANIFEST', 'a manifest in S3'],
  ['OBJECTS', 'the objects of a bucket'],
];
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

/** Where a distributed Map's items come from, and how they are read. */
export function MapSource(props: MapProps) {
  const { name, state, problem } = props;
  const { apply, given, text, template, choice, limit } = useMapControls(props);
  const source = itemSourceOf(state);
  const reader: FieldPath = ['ItemReader', 'ReaderConfig'];
  const csv = source === 'CSV' || objectAt(state, reader).CSVHeaderLocation !== undefined;
  const headers = objectAt(state, reader).CSVHeaders;
  const expression = typeof objectAt(state, ['ItemReader'])[given] === 'string';
  return (
    <>
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
    </>
  );
}
