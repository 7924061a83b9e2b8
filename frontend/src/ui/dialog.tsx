import { Suspense } from 'react';

import { lazily } from '@/app/lazily';

import type { DialogProps } from './dialog-panel';

const Panel = lazily(() => import('./dialog-panel'));

/**
 * A modal dialog: focus stays inside, Escape closes, focus returns to where it was. What draws it is
 * fetched apart from the page: a page can be read without it.
 */
export function Dialog({ open, ...props }: DialogProps & { open: boolean }) {
  if (!open) return null;
  return (
    <Suspense>
      <Panel {...props} />
    </Suspense>
  );
}
