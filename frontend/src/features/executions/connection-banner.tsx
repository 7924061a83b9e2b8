import { WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { stream } from '@/api/stream';

/** Says when live events have stopped coming, and that the page is seeing to it. */
export function ConnectionBanner({ complete }: { complete: boolean }) {
  const status = useSyncExternalStore(stream.subscribe, stream.connectionStatus);
  const shown = complete ? 'complete' : status;
  return (
    <div
      className="connection"
      role="status"
      data-testid="connection-status"
      data-connection={shown}
    >
      {shown === 'reconnecting' && (
        <>
          <WifiOff aria-hidden="true" />
          The connection was lost. Reconnecting; nothing will be missed.
        </>
      )}
    </div>
  );
}
