/** A model being changed: copies a visit or frame the first time it is written, never the original. */

import type { ExecutionModel, Frame, Visit } from './model';

export class Draft {
  readonly model: ExecutionModel;
  private readonly ownVisits = new Set<number>();
  private readonly ownFrames = new Set<number>();

  constructor(model: ExecutionModel) {
    this.model = {
      ...model,
      frames: [...model.frames],
      visits: [...model.visits],
      frameOf: [...model.frameOf],
      visitOf: [...model.visitOf],
    };
  }

  /** A visit that may be changed, its lists too; undefined for -1. Attempts are replaced, not changed. */
  visit(index: number): Visit | undefined {
    const visit = this.model.visits[index];
    if (!visit || this.ownVisits.has(index)) return visit;
    const copy = { ...visit, frames: [...visit.frames], attempts: [...visit.attempts] };
    this.model.visits[index] = copy;
    this.ownVisits.add(index);
    return copy;
  }

  frame(index: number): Frame | undefined {
    const frame = this.model.frames[index];
    if (!frame || this.ownFrames.has(index)) return frame;
    const copy = { ...frame, visits: [...frame.visits] };
    this.model.frames[index] = copy;
    this.ownFrames.add(index);
    return copy;
  }

  addVisit(visit: Visit): number {
    const index = this.model.visits.push(visit) - 1;
    this.ownVisits.add(index);
    this.frame(visit.frame)?.visits.push(index);
    return index;
  }

  addFrame(frame: Frame): number {
    const index = this.model.frames.push(frame) - 1;
    this.ownFrames.add(index);
    this.visit(frame.visit ?? -1)?.frames.push(index);
    return index;
  }

  /** The frame and the visit an event belongs to. */
  record(eventId: number, frame: number, visit: number) {
    this.model.frameOf[eventId] = frame;
    this.model.visitOf[eventId] = visit;
  }

  /**
   * The nearest visit around an event, from the inside out, that the test accepts. Leaves such as
   * MapIterationSucceeded carry no thread of their own, so their owner is found by climbing.
   */
  climb(eventId: number, accepts: (visit: Visit) => boolean): number {
    let visit = this.model.visitOf[eventId] ?? -1;
    let frame = this.model.frameOf[eventId] ?? 0;
    for (;;) {
      const here = this.model.visits[visit];
      if (here && accepts(here)) return visit;
      const parent = this.model.frames[frame]?.visit ?? null;
      if (parent === null) return -1;
      visit = parent;
      frame = this.model.visits[parent]?.frame ?? 0;
    }
  }
}
