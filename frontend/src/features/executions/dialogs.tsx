import { lazy, Suspense, type ComponentProps } from 'react';

const Definition = lazy(() => import('./definition-dialog'));
const Start = lazy(() => import('./start-dialog'));
const Redrive = lazy(() => import('./redrive-dialog'));
const Stop = lazy(() => import('./stop-dialog'));

/** Dialogs are fetched when they are first opened: a page is readable without them. */
export function StartDialog(props: ComponentProps<typeof Start>) {
  return props.open ? (
    <Suspense>
      <Start {...props} />
    </Suspense>
  ) : null;
}

export function RedriveDialog(props: ComponentProps<typeof Redrive>) {
  return props.open ? (
    <Suspense>
      <Redrive {...props} />
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

export function DefinitionDialog(props: ComponentProps<typeof Definition>) {
  return props.open ? (
    <Suspense>
      <Definition {...props} />
    </Suspense>
  ) : null;
}
