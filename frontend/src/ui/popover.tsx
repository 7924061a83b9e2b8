import { Suspense } from 'react';

import { lazily } from '@/app/lazily';

import type { PopoverProps } from './popover-panel';

const Panel = lazily(() => import('./popover-panel'));

/** Something small beside what it belongs to; Escape and a press elsewhere close it. */
export function Popover({ open, ...props }: PopoverProps & { open: boolean }) {
  if (!open) return null;
  return (
    <Suspense>
      <Panel {...props} />
    </Suspense>
  );
}
