/**
 * What the graph's cards show, outside React's tree: a card listens to its own state only, so an
 * event repaints the cards it concerns and asks no other.
 */

import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
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

/** What changes with events; all else changes with what a person does. */
type Live = 'states' | 'taken';
type Still = Omit<GraphState, Live>;

type Listener = () => void;

/**
 * Who listens to what. Of a thousand cards a few change with an event: to ask each whether it is
 * one of them would cost more than painting those that are.
 */
class Listeners {
  private readonly still = new Set<Listener>();
  private readonly ofStates = new Map<string, Set<Listener>>();
  private readonly ofTransitions = new Map<string, Set<Listener>>();

  /** Hears of everything but what changes with events. */
  readonly addStill = (listener: Listener): Listener => {
    this.still.add(listener);
    return () => this.still.delete(listener);
  };

  readonly addState = (name: string, listener: Listener): Listener =>
    add(this.ofStates, name, listener);

  readonly addTransition = (id: string, listener: Listener): Listener =>
    add(this.ofTransitions, id, listener);

  readonly tell = (now: GraphState, before: GraphState) => {
    if (now.states !== before.states) {
      for (const [name, listeners] of this.ofStates) {
        if (now.states.get(name) !== before.states.get(name)) for (const each of listeners) each();
      }
    }
    if (now.taken !== before.taken) {
      for (const [id, listeners] of this.ofTransitions) {
        if (now.taken.has(id) !== before.taken.has(id)) for (const each of listeners) each();
      }
    }
    const { states, taken } = now;
    const isStill = Object.entries({ ...before, states, taken }).every(
      ([key, value]) => now[key as keyof GraphState] === value,
    );
    if (!isStill) for (const each of this.still) each();
  };
}

function add(all: Map<string, Set<Listener>>, key: string, listener: Listener): Listener {
  const known = all.get(key) ?? new Set();
  all.set(key, known.add(listener));
  return () => {
    known.delete(listener);
    if (known.size === 0) all.delete(key);
  };
}

export type GraphStore = StoreApi<GraphState> & { listeners: Listeners };

const nothing = () => undefined;

export function createGraphStore(): GraphStore {
  const store = createStore<GraphState>(() => ({
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
  const listeners = new Listeners();
  store.subscribe(listeners.tell);
  return Object.assign(store, { listeners });
}

const Context = createContext<GraphStore | null>(null);
export const GraphProvider = Context.Provider;

export function useGraphStore(): GraphStore {
  const store = useContext(Context);
  if (!store) throw new Error('The graph needs a GraphProvider around it.');
  return store;
}

/** Reads what does not change with events. */
export function useGraph<T>(read: (state: Still) => T): T {
  const store = useGraphStore();
  return useSyncExternalStore(store.listeners.addStill, () => read(store.getState()));
}

/** What there is to show of one state. */
export function useStateView(name: string): StateView | undefined {
  const store = useGraphStore();
  const listen = useCallback(
    (listener: Listener) => store.listeners.addState(name, listener),
    [store, name],
  );
  return useSyncExternalStore(listen, () => store.getState().states.get(name));
}

/** Whether a transition was taken; also `start` and `end:<name>`. */
export function useTaken(id: string): boolean {
  const store = useGraphStore();
  const listen = useCallback(
    (listener: Listener) => store.listeners.addTransition(id, listener),
    [store, id],
  );
  return useSyncExternalStore(listen, () => store.getState().taken.has(id));
}

/** What there is to show of all states, for what draws them together. */
export function useStates(): ReadonlyMap<string, StateView> {
  return useStore(useGraphStore(), (graph) => graph.states);
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
  a.retrying.length === b.retrying.length &&
  a.retrying.every((each, i) => each === b.retrying[i]) &&
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
