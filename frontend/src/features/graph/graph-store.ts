/**
 * What the graph's cards show, outside React's tree: a card listens to its own state only, so an
 * event repaints the cards it concerns and no other.
 */

import { createContext, useContext } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';

import type { StateStatus } from '@/history/model';
import type { Counts, Picks, StateView } from '@/history/view';

/** Problems of one state, as its card shows them. */
export interface Note {
  severity: 'ERROR' | 'WARNING';
  count: number;
  first: string;
}

/** What became of a state between two definitions, as its card shows it. */
export interface ChangeMark {
  kind: 'ADDED' | 'REMOVED' | 'MOVED' | 'RENAMED' | 'CHANGED';
  /** "was Pay", "3 changes". */
  text: string;
}

/** Which of two ways went through a state, where a recording and its replay are compared. */
export interface PathMark {
  went: 'both' | 'recorded' | 'replayed';
  /** How the two part here; null where they do not. */
  diverges: string | null;
}

/** What a debugger has to do with one state. */
export interface DebugMark {
  /** Where breakpoints are; `?` where one has a condition. */
  before: 'set' | 'conditional' | null;
  after: 'set' | 'conditional' | null;
  /** How many branches are paused before and after it. */
  pausedBefore: number;
  pausedAfter: number;
}

/** Each change has a sign, so that its colour is not all that tells it. */
export const CHANGE_SIGNS: Record<ChangeMark['kind'], string> = {
  ADDED: '+',
  REMOVED: '−',
  MOVED: '⇄',
  RENAMED: '✎',
  CHANGED: '△',
};

export interface GraphState {
  states: ReadonlyMap<string, StateView>;
  taken: ReadonlySet<string>;
  /** Whether there is an execution to show; a bare definition has no statuses. */
  live: boolean;
  /** Whether that execution is still going on, and whether it has failed. */
  running: boolean;
  failed: boolean;
  selected: string | null;
  /** Selected with it, where several can be. */
  chosen: ReadonlySet<string>;
  /** What there is to say of states of a definition that is being written. */
  notes: ReadonlyMap<string, Note>;
  /** What became of states, where two definitions are compared. */
  changes: ReadonlyMap<string, ChangeMark>;
  /** How many threads about states are not resolved, where a change is reviewed. */
  threads: ReadonlyMap<string, number>;
  /** Of a replay: its states and the recording's, and the ways that only the recording took. */
  paths: ReadonlyMap<string, PathMark>;
  left: ReadonlySet<string>;
  /** Breakpoints and pauses, by state; null where nothing can be debugged. */
  debug: ReadonlyMap<string, DebugMark> | null;
  toggleBreakpoint: (name: string) => void;
  picks: Picks;
  select: (name: string | null) => void;
  pick: (map: string, index: number | null) => void;
}

export type GraphStore = StoreApi<GraphState>;

const nothing = () => undefined;

export const createGraphStore = (): GraphStore =>
  createStore<GraphState>(() => ({
    states: new Map(),
    taken: new Set(),
    live: false,
    running: false,
    failed: false,
    selected: null,
    chosen: new Set(),
    notes: new Map(),
    changes: new Map(),
    threads: new Map(),
    paths: new Map(),
    left: new Set(),
    debug: null,
    toggleBreakpoint: nothing,
    picks: {},
    select: nothing,
    pick: nothing,
  }));

const Context = createContext<GraphStore | null>(null);
export const GraphProvider = Context.Provider;

export function useGraphStore(): GraphStore {
  const store = useContext(Context);
  if (!store) throw new Error('The graph needs a GraphProvider around it.');
  return store;
}

export function useGraph<T>(read: (state: GraphState) => T): T {
  return useStore(useGraphStore(), read);
}

function sameCounts(a: Counts, b: Counts): boolean {
  const statuses = Object.keys(a) as StateStatus[];
  return (
    statuses.length === Object.keys(b).length && statuses.every((status) => a[status] === b[status])
  );
}

const same = (a: StateView, b: StateView) =>
  a.status === b.status &&
  a.retries === b.retries &&
  a.retrying === b.retrying &&
  a.unclaimed === b.unclaimed &&
  a.length === b.length &&
  a.visits.length === b.visits.length &&
  a.current === b.current &&
  a.iterations.length === b.iterations.length &&
  a.iterations.every((each, i) => each.status === b.iterations[i]?.status) &&
  sameCounts(a.counts, b.counts);

/** Keeps the former value of every state that looks as before, so that its card stays still. */
export function keepUnchanged(
  before: ReadonlyMap<string, StateView>,
  after: ReadonlyMap<string, StateView>,
): ReadonlyMap<string, StateView> {
  const merged = new Map<string, StateView>();
  for (const [name, view] of after) {
    const known = before.get(name);
    merged.set(name, known && same(known, view) ? known : view);
  }
  return merged;
}
