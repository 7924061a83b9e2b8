import { setResultWriter, type FieldPath } from '@/asl/edit';
import { objectAt } from '@/asl/edit/exchange';

import { CheckField } from './controls';
import { NONE, useMapControls, type MapProps, type Options } from './map-controls';

const TRANSFORMATIONS: Options = [
  NONE,
  ['NONE', 'with all of each execution'],
  ['COMPACT', 'outputs only'],
  ['FLATTEN', 'outputs only, lists joined'],
];
const OUTPUTS: Options = [NONE, ['JSON', 'JSON'], ['JSONL', 'JSON Lines']];

/** Where a distributed Map's results go. */
export function MapResults(props: MapProps) {
  const { name, state, problem } = props;
  const { apply, given, text, template, choice } = useMapControls(props);
  const writer: FieldPath = ['ResultWriter'];
  return (
    <>
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
  );
}
