/** States on their way to another machine: kept in the browser, and offered to the system as text. */

import type { Scope } from '@/asl/definition';

const KEY = 'stepwell.clipboard';

export function putOnClipboard(fragment: Scope) {
  const text = JSON.stringify(fragment);
  localStorage.setItem(KEY, text);
  // Only a convenience: the browser may say no, and pasting here does not need it.
  navigator.clipboard.writeText(text).catch(() => undefined);
}

export function fromClipboard(): Scope | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}
