/** Saved tests, and what came of them when they were run last in this window. */

import { useQuery } from '@tanstack/react-query';
import { create } from 'zustand';

import { listTests, runSavedTest, type WorkflowTest } from '@/api/test-cases';
import type { TestRun } from '@/api/trials';

export const casesKey = (machine: string) => ['workflow-tests', machine];

export const useCases = (machine: string) =>
  useQuery({ queryKey: casesKey(machine), queryFn: ({ signal }) => listTests(machine, signal) });

/** What came of one test; of a failure that was none of the test's, its message. */
export type CaseRun =
  | { state: 'running' }
  | { state: 'done'; run: TestRun; definition: string; sequence: number }
  | { state: 'failed'; message: string };

interface CaseRuns {
  machine: string;
  runs: Readonly<Record<number, CaseRun>>;
  open: (machine: string) => void;
}

export const useCaseRuns = create<CaseRuns>()((set, get) => ({
  machine: '',
  runs: {},
  open: (machine) => {
    if (get().machine !== machine) set({ machine, runs: {} });
  },
}));

/** Runs tests on a definition, one after the other: each takes the server's whole attention. */
export async function runCases(machine: string, definition: string, tests: WorkflowTest[]) {
  const put = (id: number, run: CaseRun) =>
    useCaseRuns.setState((before) =>
      before.machine === machine ? { runs: { ...before.runs, [id]: run } } : before,
    );
  for (const { id } of tests) put(id, { state: 'running' });
  for (const { id, sequence } of tests) {
    try {
      const run = await runSavedTest(machine, definition, id);
      put(id, { state: 'done', run, definition, sequence });
    } catch (error) {
      put(id, { state: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }
}
