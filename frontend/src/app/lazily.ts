import { lazy, type ComponentType } from 'react';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** About a minute: after that the part says that it could not be loaded. */
const ATTEMPTS = 10;

/** Loads again, with growing pauses, while the server does not answer. */
export async function persistently<T>(
  load: () => Promise<T>,
  attempts = ATTEMPTS,
  pause = FIRST_PAUSE_MS,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (attempts <= 1) throw error;
    await new Promise((resolve) => setTimeout(resolve, pause));
    return persistently(load, attempts - 1, Math.min(pause * 2, LONGEST_PAUSE_MS));
  }
}

/**
 * A part of a page that is loaded when it is first shown. A page that is open survives a server
 * that is away at that moment: until it is back the part shows what Suspense says.
 */
export const lazily = <Props>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  attempts?: number,
) => lazy(() => persistently(load, attempts));
