/** What is tried in the designer: inputs and mocks by state, and how the whole went last time. */

import { create } from 'zustand';

import type { TestRun } from '@/api/client';

import { NO_MOCK, type Choice } from './mocks';

interface Trial {
  /** The workflow's own input, and those of states that were given one: JSON texts. */
  input: string;
  inputs: Readonly<Record<string, string>>;
  mocks: Readonly<Record<string, Choice>>;
}

interface TrialState extends Trial {
  /** The state machine it is about. */
  machine: string;
  run: TestRun | null;
  open: (machine: string) => void;
  put: (change: Partial<Trial>) => void;
  mock: (state: string, choice: Choice) => void;
}

const FRESH: Trial = { input: '{}', inputs: {}, mocks: {} };
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
  open: (machine) => {
    if (get().machine !== machine) set({ machine, run: null, ...remembered(machine) });
  },
  put: (change) => {
    set(change);
    const { machine, input, inputs, mocks } = get();
    try {
      localStorage.setItem(key(machine), JSON.stringify({ input, inputs, mocks }));
    } catch {
      // A full or forbidden storage forgets; the page goes on.
    }
  },
  mock: (state, choice) => get().put({ mocks: { ...get().mocks, [state]: choice } }),
}));

export const useChoice = (state: string): Choice =>
  useTrial(({ mocks }) => (Object.hasOwn(mocks, state) ? mocks[state] : undefined)) ?? NO_MOCK;
