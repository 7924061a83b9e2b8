/** How a Map works through its items: inline, or as child executions with a source and a sink. */

import type { Definition } from '../definition';
import { checked } from './checked';
import { objectAt, renamedMember } from './exchange';
import { refuse, type Command, type Refused } from './outcome';
import { findState, processorField, updateState, withValues, type AnyState } from './scopes';

/** Where iterations run: in the execution itself, or as child executions of a type. */
export type Processing = 'INLINE' | 'STANDARD' | 'EXPRESS';

/** Where items come from: the input, an object of a form in S3, or the list of objects. */
export type ItemSource = 'INPUT' | 'CSV' | 'JSON' | 'JSONL' | 'PARQUET' | 'MANIFEST' | 'OBJECTS';

/** Fields that only child executions know. */
export const DISTRIBUTED_FIELDS = [
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'Label',
  'ToleratedFailureCount',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentage',
  'ToleratedFailurePercentagePath',
] as const;

const READ_OBJECT = 'arn:aws:states:::s3:getObject';
const LIST_OBJECTS = 'arn:aws:states:::s3:listObjectsV2';
const WRITE_OBJECT = 'arn:aws:states:::s3:putObject';

/** The field that holds an integration's arguments in the state's query language. */
export const argumentsField = (definition: Definition, state: AnyState) =>
  (state.QueryLanguage ?? definition.QueryLanguage) === 'JSONata' ? 'Arguments' : 'Parameters';

export function processingOf(state: AnyState): Processing {
  const { Mode, ExecutionType } = objectAt(state, [processorField(state), 'ProcessorConfig']);
  if (Mode !== 'DISTRIBUTED') return 'INLINE';
  return ExecutionType === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
}

export function itemSourceOf(state: AnyState): ItemSource {
  if (state.ItemReader === undefined) return 'INPUT';
  const { Resource, ReaderConfig } = objectAt(state, ['ItemReader']);
  if (String(Resource).endsWith(':listObjectsV2')) return 'OBJECTS';
  const { InputType } = (ReaderConfig ?? {}) as { InputType?: ItemSource };
  return InputType ?? 'JSON';
}

function mapState(definition: Definition, name: string): AnyState | Refused {
  const state = findState(definition, name)?.state;
  if (!state) return refuse('no-such-state', `There is no state '${name}'.`);
  return state.Type === 'Map' ? state : refuse('wrong-type', `'${name}' is no Map.`);
}

const isRefused = (found: AnyState | Refused): found is Refused => 'ok' in found && !found.ok;

const change =
  (name: string, next: (state: AnyState, definition: Definition) => AnyState): Command =>
  (definition) => {
    const state = mapState(definition, name);
    if (isRefused(state)) return state;
    const changed = updateState(definition, name, (each) => next(each, definition));
    return checked(definition, changed, [name]);
  };

/** Works the items off inline or as child executions. Inline, what only those know goes. */
export const setProcessing = (name: string, processing: Processing): Command =>
  change(name, (state) => {
    const field = processorField(state);
    const processor = objectAt(state, [field]);
    const config =
      processing === 'INLINE'
        ? { Mode: 'INLINE' }
        : { Mode: 'DISTRIBUTED', ExecutionType: processing };
    const rest = withValues(processor, { ProcessorConfig: undefined });
    // AWS knows child executions under the field's new name only.
    const renamed = renamedMember(state, field, 'ItemProcessor', {
      ProcessorConfig: config,
      ...rest,
    }) as AnyState;
    if (processing !== 'INLINE') return renamed;
    return withValues(
      renamed,
      Object.fromEntries(DISTRIBUTED_FIELDS.map((each) => [each, undefined])),
    );
  });

/** What of a reader's configuration goes with a source. */
function readerConfig(source: ItemSource, was: Record<string, unknown>) {
  const shared = withValues(was, {
    InputType: undefined,
    ManifestType: undefined,
    Transformation: undefined,
    ItemsPointer: undefined,
    CSVHeaderLocation: undefined,
    CSVHeaders: undefined,
    CSVDelimiter: undefined,
  });
  if (source === 'OBJECTS') return shared;
  if (source === 'CSV') {
    const { CSVHeaderLocation = 'FIRST_ROW', CSVHeaders, CSVDelimiter } = was;
    return {
      InputType: source,
      CSVHeaderLocation,
      ...(CSVHeaders !== undefined && { CSVHeaders }),
      ...(CSVDelimiter !== undefined && { CSVDelimiter }),
      ...shared,
    };
  }
  const manifest = source === 'MANIFEST' && { ManifestType: was.ManifestType ?? 'S3_INVENTORY' };
  return { InputType: source, ...manifest, ...shared };
}

/** Takes the items from elsewhere; the bucket and the bound stay, what does not fit goes. */
export const setItemSource = (name: string, source: ItemSource): Command =>
  change(name, (state, definition) => {
    if (source === 'INPUT') return withValues(state, { ItemReader: undefined });
    const field = argumentsField(definition, state);
    const reader = objectAt(state, ['ItemReader']);
    const given = objectAt(state, ['ItemReader', field]);
    const listed = source === 'OBJECTS';
    const [from, to] = listed ? ['Key', 'Prefix'] : ['Prefix', 'Key'];
    let args = given;
    for (const ending of ['', '.$']) {
      if (Object.hasOwn(args, from + ending)) {
        args = renamedMember(args, from + ending, to + ending, args[from + ending]);
      }
    }
    if (Object.keys(args).length === 0) args = { Bucket: '', [to]: '' };
    // In JSONata all of them may be one expression.
    const whole = typeof reader[field] === 'string' ? reader[field] : args;
    const config = readerConfig(source, objectAt(state, ['ItemReader', 'ReaderConfig']));
    const next = withValues(reader, {
      Resource: listed ? LIST_OBJECTS : READ_OBJECT,
      ReaderConfig: Object.keys(config).length > 0 ? config : undefined,
      [field]: whole,
    });
    return withValues(state, { ItemReader: next });
  });

/** Gathers items in batches, or no longer. */
export const setBatching = (name: string, on: boolean): Command =>
  change(name, (state) =>
    withValues(state, {
      ItemBatcher: on ? (state.ItemBatcher ?? { MaxItemsPerBatch: 10 }) : undefined,
    }),
  );

/** Writes the results into a bucket, or hands them on as the state's result. */
export const setResultWriter = (name: string, on: boolean): Command =>
  change(name, (state, definition) => {
    if (!on) return withValues(state, { ResultWriter: undefined });
    const args = { Bucket: '', Prefix: '' };
    const fresh = { Resource: WRITE_OBJECT, [argumentsField(definition, state)]: args };
    return withValues(state, { ResultWriter: state.ResultWriter ?? fresh });
  });
