import type { ComponentProps } from 'react';

import { DebugPane } from './debugger/debug-pane';
import type { Debugging } from './debugger/use-debugger';
import { InspectionPane } from './inspection-pane';

type Props = Omit<ComponentProps<typeof InspectionPane>, 'debug'> & { debugging: Debugging };

/** What there is to see and to do of the selected state: fetched apart, as none is at first. */
export default function StatePane({ debugging, ...props }: Props) {
  return (
    <InspectionPane
      {...props}
      debug={<DebugPane debugging={debugging} place={props.place} model={props.model} />}
    />
  );
}
