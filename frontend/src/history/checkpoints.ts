/**
 * The model as it was after any event of a history. Folding up to an event costs as much as there
 * are events before it, so models are kept here and there and folded on from.
 */

import type { HistoryEvent } from './event';
import { applyEvents } from './fold';
import { emptyModel, type ExecutionModel } from './model';

/** Events between two models that are kept: a step costs a few milliseconds, a model some memory. */
const STEP = 1000;

export class Checkpoints {
  private readonly kept: ExecutionModel[] = [emptyModel];

  /** The model of events 1..`upTo`. Always given the same history, which may have grown. */
  at(events: readonly HistoryEvent[], upTo: number): ExecutionModel {
    const wanted = Math.max(0, Math.min(upTo, events.length));
    const nearest = Math.floor(wanted / STEP);
    for (let place = this.kept.length; place <= nearest; place++) {
      const before = this.kept[place - 1] ?? emptyModel;
      this.kept.push(applyEvents(before, events.slice((place - 1) * STEP, place * STEP)));
    }
    const model = this.kept[nearest] ?? emptyModel;
    return wanted % STEP === 0 ? model : applyEvents(model, events.slice(nearest * STEP, wanted));
  }
}
