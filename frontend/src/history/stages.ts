/**
 * A visit's data on its way through the state, as far as the history tells: what came in, what the
 * Task was sent, what it answered, what went out. And the variables that could be read meanwhile.
 */

import { detailsOf, type HistoryEvent } from './event';
import type { ExecutionModel, Visit } from './model';

export interface Stage {
  title: string;
  text: string;
  truncated: boolean;
  /** The event that tells, where it is not the state's own. */
  event: number | null;
}

/** The stages in their order; `events` are the whole history's. */
export function stagesOf(visit: Visit, events: readonly HistoryEvent[]): Stage[] {
  const stages: Stage[] = [];
  if (visit.input !== null) {
    stages.push({
      title: 'State input',
      text: visit.input,
      truncated: visit.inputTruncated,
      event: null,
    });
  }
  const last = visit.attempts.at(-1);
  const work = visit.type !== 'Parallel' && visit.type !== 'Map';
  const scheduled = work && last ? events[last.scheduledBy - 1] : undefined;
  if (scheduled) {
    const { parameters, input, inputDetails } = detailsOf(scheduled);
    const sent = parameters ?? input;
    if (sent !== undefined) {
      stages.push({
        title: 'Sent to the task',
        text: sent,
        truncated: inputDetails?.truncated === true,
        event: scheduled.id,
      });
    }
  }
  const ended = work && last?.endedBy != null ? events[last.endedBy - 1] : undefined;
  // The exit ends what has no event of its own; its output is the state's.
  if (ended && !ended.type.endsWith('Exited')) {
    const { output, outputDetails } = detailsOf(ended);
    if (output !== undefined) {
      stages.push({
        title: 'Result of the task',
        text: output,
        truncated: outputDetails?.truncated === true,
        event: ended.id,
      });
    }
  }
  if (visit.output !== null) {
    stages.push({
      title: 'State output',
      text: visit.output,
      truncated: visit.outputTruncated,
      event: null,
    });
  }
  return stages;
}

export interface Variable {
  name: string;
  text: string;
  /** The state that assigned it. */
  by: string;
}

/** What could be read when a state was entered: assigned before it, in its scope or around it. */
export function variablesAt(model: ExecutionModel, place: number): Variable[] {
  const found = new Map<string, Variable>();
  for (let at = place; ;) {
    const visit = model.visits[at];
    const frame = visit && model.frames[visit.frame];
    if (!visit || !frame) break;
    const before = frame.visits.slice(0, frame.visits.indexOf(at)).reverse();
    for (const earlier of before) {
      const { name: by, assigned } = model.visits[earlier] ?? { name: '', assigned: null };
      for (const [name, text] of Object.entries(assigned ?? {})) {
        if (!found.has(name)) found.set(name, { name, text, by });
      }
    }
    if (frame.visit === null) break;
    at = frame.visit;
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}
