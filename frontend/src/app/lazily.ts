import { createElement, lazy, useState, type ComponentType } from 'react';

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

/** A part that is loaded when it is first shown, or before. */
export type Lazy<Props> = ComponentType<Props> & {
  /** Loads it ahead. That it could not be loaded is said when it is shown, and not before. */
  ahead: () => Promise<void>;
};

/**
 * A part of a page that is loaded when it is first shown. A page that is open survives a server
 * that is away at that moment: until it is back the part shows what Suspense says.
 *
 * What is there when it is first shown is shown at once: React waits for what is loaded even then,
 * and keeps what Suspense says for a third of a second once it has shown it.
 */
export function lazily<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  attempts?: number,
): Lazy<Props> {
  let loaded: ComponentType<Props> | undefined;
  const kept = async () => {
    const part = await load();
    loaded = part.default;
    return part;
  };
  const Waited = lazy(() => persistently(kept, attempts)) as unknown as ComponentType<Props>;
  function Part(props: Props) {
    // For as long as it is shown: another component would begin anew.
    const [Shown] = useState(() => loaded ?? Waited);
    return createElement(Shown, props);
  }
  const ahead = () =>
    kept().then(
      () => undefined,
      () => undefined,
    );
  return Object.assign(Part, { ahead });
}
