import { getBreakpoints } from '@/api/debugger';
import type { StartDebugger } from '@/api/executions';
import { getStateMachine } from '@/api/state-machines';
import { parseDefinition, placesOf } from '@/asl/definition';

/** What an execution is started with: one's own breakpoints, as far as their states are there. */
export async function debuggedStart(machine: string): Promise<StartDebugger> {
  const [{ breakpoints }, { definition }] = await Promise.all([
    getBreakpoints(machine),
    getStateMachine(machine, new AbortController().signal),
  ]);
  const parsed = parseDefinition(definition);
  const places = parsed.ok ? placesOf(parsed.definition) : new Map<string, unknown>();
  return {
    breakpoints: breakpoints.filter(({ state }) => places.has(state)),
    pauseAtStart: true,
  };
}
