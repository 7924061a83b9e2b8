import { setBatching, setField, type FieldPath } from '@/asl/edit';
import { objectAt } from '@/asl/edit/exchange';

import { CheckField, TextField } from './controls';
import { useMapControls, type MapProps } from './map-controls';
import { jsonProblem, read, written } from './written';

/** Whether a child execution gets several items at once, and how many. */
export function MapBatches(props: MapProps) {
  const { name, state, problem } = props;
  const { apply, effective, limit } = useMapControls(props);
  const batcher: FieldPath = ['ItemBatcher'];
  return (
    <>
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
    </>
  );
}
