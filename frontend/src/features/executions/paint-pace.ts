/**
 * When the page is painted while events come. What comes after a rest is painted at once; in a
 * burst as often as the frames that it costs can be spared, so that the page can be moved about in
 * meanwhile. Pure: times are given, in milliseconds.
 */

/** A frame, as long as a display shows it. */
export const FRAME_MS = 1000 / 60;
/** So much of a second may be lost: three of its sixty frames, for not all that is lost is seen. */
const SPARED = 0.055;
/** What can be saved up while nothing comes: some paints in frames that follow each other. */
const MOST_SAVED_MS = 60;
/** A paint that holds nothing up costs this much all the same: some twenty of them a second. */
const LEAST_COST_MS = 2.4;
/** However long paints take, the page says what happens twice a second. */
const LONGEST_REST_MS = 500;

export class PaintPace {
  private saved = MOST_SAVED_MS;
  private savedAt = 0;
  private paintedAt = -Infinity;

  /** How long the next paint is waited for; 0: it may be now. */
  wait(now: number): number {
    this.save(now);
    const since = now - this.paintedAt;
    // Two paints in one frame would be one that is seen.
    const frame = FRAME_MS - since;
    const rest = Math.min(LONGEST_REST_MS - since, (LEAST_COST_MS - this.saved) / SPARED);
    return Math.max(0, frame, rest);
  }

  painted(now: number) {
    this.save(now);
    this.paintedAt = now;
    this.saved -= LEAST_COST_MS;
  }

  /** The last paint has held up the frames after it for so long. */
  lost(ms: number) {
    this.saved -= Math.max(0, ms);
  }

  private save(now: number) {
    this.saved = Math.min(MOST_SAVED_MS, this.saved + SPARED * (now - this.savedAt));
    this.savedAt = now;
  }
}
