/** A history event in words: its type, readable, and the one detail worth a line. */

import { detailsOf, type HistoryEvent } from './event';
import type { StateStatus } from './model';

/** "LambdaFunctionTimedOut" -> "Lambda function timed out". */
export function eventTitle(type: string): string {
  const words = type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The status an event reports, for its glyph; null for events that only say that work goes on. */
export function eventStatus(type: string): StateStatus | null {
  if (type.endsWith('TimedOut')) return 'TIMED_OUT';
  if (type.endsWith('Failed') || type === 'FailStateEntered') return 'FAILED';
  if (type.endsWith('Aborted')) return 'ABORTED';
  if (type.endsWith('Succeeded') || type.endsWith('Exited')) return 'SUCCEEDED';
  if (type.endsWith('Started') || type.endsWith('Entered')) return 'RUNNING';
  return null;
}

/** There are some sixty types, and tens of thousands of events. */
const troubles = new Map<string, boolean>();

/** Whether the event reports that something went wrong. */
export function isTrouble(type: string): boolean {
  let known = troubles.get(type);
  if (known === undefined) {
    const status = eventStatus(type);
    known = status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED';
    troubles.set(type, known);
  }
  return known;
}

const MOST = 200;

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MOST ? `${line.slice(0, MOST)}…` : line;
}

/** An execution that another one waited for, as the other one's cause tells of it. */
interface EndedExecution {
  Name: string;
  Status: string;
  Error?: string;
  Cause?: string;
}

const isExecution = (value: object): value is EndedExecution =>
  'ExecutionArn' in value && 'Name' in value && 'Status' in value;

/**
 * What a cause says to a person: the message of a function's JSON report, how an execution ended
 * that was waited for, otherwise the cause itself.
 */
export function causeMessage(cause: string): string {
  try {
    const value: unknown = JSON.parse(cause);
    if (typeof value === 'object' && value !== null && 'errorMessage' in value) {
      return String(value.errorMessage);
    }
    if (typeof value === 'object' && value !== null && isExecution(value)) {
      const why = [value.Error, value.Cause && causeMessage(value.Cause)].filter(Boolean);
      const end = `${value.Name} ${value.Status.toLowerCase().replace('_', ' ')}`;
      return [end, ...why].join(': ');
    }
  } catch {
    // A cause is often plain text.
  }
  return cause;
}

/** One line of detail: an error with its message, an item's index, a resource, or the data. */
export function eventDetail(event: HistoryEvent): string {
  const { error, cause, index, length, resource, resourceType, input, output } = detailsOf(event);
  if (error !== undefined || cause !== undefined) {
    return short([error, cause && causeMessage(cause)].filter(Boolean).join(': '));
  }
  if (index !== undefined) return `item ${index}`;
  // A distributed Map says 0, whatever its Map Run is to do.
  if (length) return `${length} item${length === 1 ? '' : 's'}`;
  if (output !== undefined) return short(output);
  if (input !== undefined) return short(input);
  if (resource !== undefined) return resourceType ? `${resourceType} ${resource}` : resource;
  return '';
}
