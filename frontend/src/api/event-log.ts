/**
 * The events of one execution as they arrive, kept gapless. Pure: a message in, the new log and
 * what to ask for next out.
 */

import type { HistoryEvent } from '@/history/event';
import type { ExecutionStatus } from '@/history/model';

export interface EventLog {
  /** Events 1..n, without a gap. */
  events: readonly HistoryEvent[];
  /** The last id the server has spoken of. */
  known: number;
  status: ExecutionStatus;
}

export interface Arrival {
  events: readonly HistoryEvent[];
  lastEventId: number;
  status: ExecutionStatus;
}

export const emptyLog: EventLog = { events: [], known: 0, status: 'RUNNING' };

export interface Received {
  log: EventLog;
  /** Events that were new, contiguous with what was there. */
  added: readonly HistoryEvent[];
  /** The message left a hole: ask again for everything after `log.events.length`. */
  gap: boolean;
}

/** Ids are 1..n, so the id of the last event is the number of events. */
export const lastId = (log: EventLog) => log.events.length;

/**
 * Takes a message in. Events already known are dropped; events after a hole are dropped as well,
 * for asking again brings them in order.
 */
export function receive(log: EventLog, message: Arrival): Received {
  const added: HistoryEvent[] = [];
  let next = lastId(log) + 1;
  let gap = false;
  for (const event of message.events) {
    if (event.id < next) continue;
    if (event.id > next) {
      gap = true;
      break;
    }
    added.push(event);
    next++;
  }
  const known = Math.max(log.known, message.lastEventId, next - 1);
  // An older message that arrives late must not reopen what has ended.
  const status = message.lastEventId >= log.known ? message.status : log.status;
  const events = added.length > 0 ? [...log.events, ...added] : log.events;
  return { log: { events, known, status }, added, gap };
}

/** Whether the server has spoken of events that are not here yet. */
export const isBehind = (log: EventLog) => log.known > lastId(log);

/** Whether there is nothing more to wait for. */
export const isComplete = (log: EventLog) =>
  log.status !== 'RUNNING' && !isBehind(log) && lastId(log) > 0;
