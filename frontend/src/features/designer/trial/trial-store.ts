/** What is tried in the designer: inputs and mocks by state, and how the whole went last time. */

import { create } from 'zustand';

import type { TestCase } from '@/api/test-cases';
import type { TestRun } from '@/api/trials';

import { NO_MOCK, type Choice } from './mocks';
import type { Pause } from './pauses';

interface Trial {
  /**
   * The input of the whole, and those of states that were given one: JSON texts. The workflow's
   * sample input is taken where nothing else was written: null.
   */
  input: string | null;
  inputs: Readonly<Record<string, string>>;
  mocks: Readonly<Record<string, Choice>>;
  /** Of states that were renamed here: the names that saved mocks know them by. */
  known: Readonly<Record<string, string>>;
}

interface TrialState extends Trial {
  /** The state machine it is about. */
  machine: string;
  run: TestRun | null;
  /** What the run was given; null for one that is no run of the draft as it is set up here. */
  given: Pick<TestCase, 'input' | 'mocks'> | null;
  /** Where the run is shown up to; null: to its end. */
  pause: Pause | null;
  open: (machine: string) => void;
  put: (change: Partial<Trial>) => void;
  mock: (state: string, choice: Choice) => void;
  /** What is tried with a state goes on under its new name. */
  rename: (from: string, to: string) => void;
  show: (run: TestRun | null, pause?: Pause | null, given?: TrialState['given']) => void;
}

const FRESH: Trial = { input: null, inputs: {}, mocks: {}, known: {} };
const renamed = <T>(of: Readonly<Record<string, T>>, from: string, to: string) =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name === from ? to : name, value]));

const key = (machine: string) => `stepwell.trial.${machine}`;

/** What was tried the last time in this browser. */
function remembered(machine: string): Trial {
  try {
    const known = JSON.parse(localStorage.getItem(key(machine)) ?? '{}') as Partial<Trial>;
    return { ...FRESH, ...known };
  } catch {
    return FRESH;
  }
}

export const useTrial = create<TrialState>()((set, get) => ({
  ...FRESH,
  machine: '',
  run: null,
  given: null,
  pause: null,
  open: (machine) => {
    if (get().machine !== machine)
      set({ machine, run: null, given: null, pause: null, ...remembered(machine) });
  },
  put: (change) => {
    set(change);
    const { machine, input, inputs, mocks, known } = get();
    try {
      localStorage.setItem(key(machine), JSON.stringify({ input, inputs, mocks, known }));
    } catch {
      // A full or forbidden storage forgets; the page goes on.
    }
  },
  show: (run, pause = null, given = null) => set({ run, pause, given }),
  rename: (from, to) => {
    const { inputs, mocks, known } = get();
    get().put({
      inputs: renamed(inputs, from, to),
      mocks: renamed(mocks, from, to),
      known: { ...known, [to]: known[from] ?? from },
    });
  },
  mock: (state, choice) => get().put({ mocks: { ...get().mocks, [state]: choice } }),
}));

export const useChoice = (state: string): Choice =>
  useTrial(({ mocks }) => (Object.hasOwn(mocks, state) ? mocks[state] : undefined)) ?? NO_MOCK;
