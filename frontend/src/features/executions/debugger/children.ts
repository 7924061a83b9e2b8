/** Where a step into a state can go: the branches of a Parallel, the items of an inline Map. Pure. */

import type { State } from '@/asl/definition';

export type Children = { kind: 'branches'; firsts: string[] } | { kind: 'items' } | null;

/**
 * Null where there is nothing to step into: `into` goes to the next state then. The children of a
 * distributed Map are executions of their own.
 */
export function childrenOf(state: State | undefined): Children {
  if (state?.Type === 'Parallel') {
    const firsts = (state.Branches ?? []).map(({ StartAt }) => StartAt ?? '');
    return firsts.length > 0 ? { kind: 'branches', firsts } : null;
  }
  if (state?.Type !== 'Map') return null;
  const mode = state.ItemProcessor?.ProcessorConfig?.Mode;
  return mode === 'DISTRIBUTED' ? null : { kind: 'items' };
}

/** The index that was typed; null where it is none. */
export function indexOf(text: string): number | null {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;
}
