import type { ReactNode } from 'react';

import { setProcessing, type Processing } from '@/asl/edit';
import { processingOf } from '@/asl/edit/distributed-map';

import { SelectField } from './controls';
import { MapBatches } from './map-batches';
import { useMapControls, type MapProps, type Options } from './map-controls';
import { MapResults } from './map-results';
import { MapSource } from './map-source';

const PROCESSING: Options = [
  ['INLINE', 'inline, in this execution'],
  ['STANDARD', 'as child executions, Standard'],
  ['EXPRESS', 'as child executions, Express'],
];

/** How a Map works its items off: inline, or distributed with a source, batches and a sink. */
export function MapFields({
  children,
  ...props
}: MapProps & {
  /** What every Map says of its items. */
  children: ReactNode;
}) {
  const { name, state, problem } = props;
  const { apply, text, limit } = useMapControls(props);
  const processing = processingOf(state);
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
      {children}
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
          <MapSource {...props} />
          <MapBatches {...props} />
          <MapResults {...props} />
        </>
      )}
    </section>
  );
}
