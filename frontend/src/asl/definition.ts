/**
 * The Amazon States Language as the browser reads it: just enough shape to draw and to explain a
 * definition. Whether it is valid is the server's business; everything here accepts what it finds.
 */

export type StateType =
  'Task' | 'Pass' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface Catcher {
  ErrorEquals?: string[];
  Next?: string;
  ResultPath?: string | null;
  Output?: Json;
  Assign?: Record<string, Json>;
}

export interface Retrier {
  ErrorEquals?: string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: string;
}

/** A Choice rule; operators such as `StringEquals` stand beside `Variable`. */
export interface ChoiceRule {
  Variable?: string;
  Condition?: string | boolean;
  Next?: string;
  And?: ChoiceRule[];
  Or?: ChoiceRule[];
  Not?: ChoiceRule;
  [operator: string]: unknown;
}

/** A state machine, a Parallel branch or a Map's processor: a StartAt and its States. */
export interface Scope {
  StartAt?: string;
  States?: Record<string, State>;
}

export interface State {
  Type?: string;
  Comment?: string;
  QueryLanguage?: string;
  Next?: string;
  End?: boolean;
  Catch?: Catcher[];
  Retry?: Retrier[];
  // Task
  Resource?: string;
  Parameters?: Record<string, Json>;
  Arguments?: Record<string, Json> | string;
  // Choice
  Choices?: ChoiceRule[];
  Default?: string;
  // Wait
  Seconds?: number | string;
  SecondsPath?: string;
  Timestamp?: string;
  TimestampPath?: string;
  // Fail
  Error?: string;
  ErrorPath?: string;
  Cause?: string;
  CausePath?: string;
  // Pass
  Result?: Json;
  // Parallel, Map
  Branches?: Scope[];
  ItemProcessor?: Scope & { ProcessorConfig?: { Mode?: string } };
  Iterator?: Scope;
  MaxConcurrency?: number | string;
  MaxConcurrencyPath?: string;
  /** In the drawing of a comparison alone: where it went and goes no longer. */
  goneTo?: string[];
}

export interface Definition extends Scope {
  Comment?: string;
  QueryLanguage?: string;
}

export type ParsedDefinition =
  { ok: true; definition: Definition } | { ok: false; message: string };

/** Reads a definition's text. A text that is no JSON object says why instead of throwing. */
export function parseDefinition(text: string): ParsedDefinition {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { ok: false, message: 'A definition is a JSON object with StartAt and States.' };
    }
    return { ok: true, definition: value };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** The scopes inside a state: a Parallel's branches, a Map's processor, otherwise none. */
export function innerScopes(state: State): Scope[] {
  if (state.Type === 'Parallel') return state.Branches ?? [];
  const processor = state.ItemProcessor ?? state.Iterator;
  return state.Type === 'Map' && processor ? [processor] : [];
}

/** Where a state stands: its enclosing state and branch, and the Maps around it, outermost first. */
export interface StatePlace {
  name: string;
  state: State;
  /** The enclosing Parallel or Map, or null at the top. */
  container: string | null;
  branch: number;
  depth: number;
  maps: string[];
}

/** Every state of a definition by name, in reading order. Names are unique across all scopes. */
export function placesOf(definition: Definition): Map<string, StatePlace> {
  const places = new Map<string, StatePlace>();
  const walk = (
    scope: Scope,
    container: string | null,
    branch: number,
    depth: number,
    maps: string[],
  ) => {
    for (const [name, state] of Object.entries(scope.States ?? {})) {
      if (places.has(name)) continue;
      places.set(name, { name, state, container, branch, depth, maps });
      const inside = state.Type === 'Map' ? [...maps, name] : maps;
      innerScopes(state).forEach((inner, index) => walk(inner, name, index, depth + 1, inside));
    }
  };
  walk(definition, null, 0, 0, []);
  return places;
}
