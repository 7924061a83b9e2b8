import { lazy, Suspense, type ComponentProps } from 'react';

const Start = lazy(() => import('./start-dialog'));
const Stop = lazy(() => import('./stop-dialog'));

/** Dialogs are fetched when they are first opened: a page is readable without them. */
export function StartDialog(props: ComponentProps<typeof Start>) {
  return props.open ? (
    <Suspense>
      <Start {...props} />
    </Suspense>
  ) : null;
}

export function StopDialog(props: ComponentProps<typeof Stop>) {
  return props.open ? (
    <Suspense>
      <Stop {...props} />
    </Suspense>
  ) : null;
}
