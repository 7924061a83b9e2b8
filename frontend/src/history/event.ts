/** A history event in the wire form of GetExecutionHistory: the one thing everything here derives from. */

interface Data {
  input?: string;
  output?: string;
  inputDetails?: { truncated?: boolean };
  outputDetails?: { truncated?: boolean };
}

export interface HistoryEvent {
  id: number;
  previousEventId: number;
  /** Seconds since the epoch, with milliseconds behind the point. */
  timestamp: number;
  type: string;
  stateEnteredEventDetails?: Data & { name: string };
  stateExitedEventDetails?: Data & { name: string; assignedVariables?: Record<string, string> };
  mapStateStartedEventDetails?: { length?: number };
  mapIterationStartedEventDetails?: { name?: string; index?: number };
  mapIterationSucceededEventDetails?: { name?: string; index?: number };
  mapIterationFailedEventDetails?: { name?: string; index?: number };
  mapIterationAbortedEventDetails?: { name?: string; index?: number };
  evaluationFailedEventDetails?: {
    state?: string;
    error?: string;
    cause?: string;
    location?: string;
  };
  activityStartedEventDetails?: { workerName?: string };
  executionStartedEventDetails?: Data & { roleArn?: string };
  executionSucceededEventDetails?: Data;
  [details: string]: unknown;
}

/** Whatever an event says beyond its name: `taskFailedEventDetails` and the like. */
export type EventDetails = Data & {
  name?: string;
  index?: number;
  length?: number;
  error?: string;
  cause?: string;
  resource?: string;
  resourceType?: string;
  state?: string;
  parameters?: string;
  location?: string;
};

/** The one details object of an event, or an empty one where AWS gives none. */
export function detailsOf(event: HistoryEvent): EventDetails {
  for (const key in event) {
    if (key.endsWith('EventDetails')) return event[key] as EventDetails;
  }
  return {};
}
