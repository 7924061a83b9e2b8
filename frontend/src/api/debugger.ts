/** Executions that are debugged, and where they pause. */

import { queryOptions } from '@tanstack/react-query';

import { answer, api } from './client';
import { executionPath, type ExecutionKey } from './executions';
import type { components } from './schema';

type Schemas = components['schemas'];
export type DebuggerView = Schemas['Debugger'];
/** What a command does not say, the server has a default for. */
export type DebuggerCommand = Pick<Schemas['DebuggerCommandRequest'], 'command'> &
  Partial<Schemas['DebuggerCommandRequest']>;
export type Breakpoint = Schemas['Breakpoint'];

export const getDebugger = (key: ExecutionKey, signal: AbortSignal) =>
  answer<DebuggerView>(
    api.GET('/api/executions/{stateMachineName}/{executionName}/debugger/', {
      params: { path: executionPath(key) },
      signal,
    }),
  );

/** Carries out one command; gives how things are then. */
export const tellDebugger = (key: ExecutionKey, command: DebuggerCommand) =>
  answer<DebuggerView>(
    api.POST('/api/executions/{stateMachineName}/{executionName}/debugger/', {
      params: { path: executionPath(key) },
      body: command as Schemas['DebuggerCommandRequest'],
    }),
  );

/** One's own breakpoints of a state machine. */
export const getBreakpoints = (machine: string) =>
  answer<{ breakpoints: Breakpoint[] }>(
    api.GET('/api/breakpoints/{name}/', { params: { path: { name: machine } } }),
  );

export const keepBreakpoints = (machine: string, breakpoints: Breakpoint[]) =>
  answer<{ breakpoints: Breakpoint[] }>(
    api.PUT('/api/breakpoints/{name}/', {
      params: { path: { name: machine } },
      body: { breakpoints },
    }),
  );

/** Kept current by the stream: it tells when somebody did something, or something paused. */
export const debuggerQuery = (key: ExecutionKey) =>
  queryOptions({
    queryKey: ['debugger', key.machine, key.name],
    queryFn: ({ signal }) => getDebugger(key, signal),
    staleTime: Infinity,
  });

export const breakpointsQuery = (machine: string) =>
  queryOptions({
    queryKey: ['breakpoints', machine],
    queryFn: () => getBreakpoints(machine),
    staleTime: Infinity,
  });
