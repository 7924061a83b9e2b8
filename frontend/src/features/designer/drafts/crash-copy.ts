/**
 * What was typed and not yet confirmed by the server, kept in the browser: a killed tab or a lost
 * connection costs nothing. One copy for a person and a state machine.
 */

import type { Format } from '@/asl/source/source';

export interface CrashCopy {
  text: string;
  format: Format;
  base: string | null;
  /** The sequence of the draft on the server that it goes on from. */
  follows: number;
}

const key = (user: string, name: string) => `stepwell.unsaved.${user}.${name}`;

export function keepCopy(user: string, name: string, copy: CrashCopy) {
  try {
    localStorage.setItem(key(user, name), JSON.stringify(copy));
  } catch {
    // The browser's room is full. The server's copy is a moment behind, no more.
  }
}

export function dropCopy(user: string, name: string) {
  localStorage.removeItem(key(user, name));
}

export function readCopy(user: string, name: string): CrashCopy | null {
  try {
    const value = JSON.parse(localStorage.getItem(key(user, name)) ?? 'null') as CrashCopy | null;
    return value !== null && typeof value.text === 'string' ? value : null;
  } catch {
    return null;
  }
}
