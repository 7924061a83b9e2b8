import { Suspense, type ComponentProps } from 'react';
import { lazily } from '@/app/lazily';

const Definition = lazily(() => import('./definition-dialog'));
const Fork = lazily(() => import('./fork-dialog'));
const Start = lazily(() => import('./start-dialog'));
const Redrive = lazily(() => import('./redrive-dialog'));
const Stop = lazily(() => import('./stop-dialog'));

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

export function ForkDialog(props: ComponentProps<typeof Fork>) {
  return props.open ? (
    <Suspense>
      <Fork {...props} />
    </Suspense>
  ) : null;
}
