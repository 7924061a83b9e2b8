/**
 * One execution as it happens: loads what there is, listens for what follows, folds it. Events are
 * taken in at once; the first is painted at once, those of a burst together.
 */

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { ApiFailure } from '@/api/client';
import {
  emptyLog,
  isBehind,
  isComplete,
  lastId,
  receive,
  type Arrival,
  type EventLog,
} from '@/api/event-log';
import {
  firstEventsQuery,
  listEvents,
  type EventPage,
  type Execution,
  type ExecutionKey,
} from '@/api/executions';
import { stream, type Watcher } from '@/api/stream';
import type { HistoryEvent } from '@/history/event';
import { applyEvents } from '@/history/fold';
import { emptyModel, type ExecutionModel } from '@/history/model';

import { FRAME_MS, PaintPace } from './paint-pace';

export interface Feed {
  model: ExecutionModel;
  events: readonly HistoryEvent[];
  /** The history so far has been loaded once. */
  loaded: boolean;
  /** Nothing more will come. */
  complete: boolean;
  /** The latest thing done by a debugger that the server has told of; 0 where it told of none. */
  debuggerRecord: number;
  failure: Error | null;
}

const emptyFeed: Feed = {
  model: emptyModel,
  events: [],
  loaded: false,
  complete: false,
  debuggerRecord: 0,
  failure: null,
};

/** How long events may be announced but missing before they are asked for again. */
const BEHIND_MS = 1000;
/** While a long history is on its way, its first rows are there and the rest is only counted. */
const LOADING_PACE_MS = 1000;
/** Hidden tabs get no animation frames; they are painted at this pace. */
const HIDDEN_MS = 250;

class FeedSource {
  private log: EventLog = emptyLog;
  private feed: Feed = emptyFeed;
  /** Taken in, and folded in with the next paint. */
  private pending: HistoryEvent[] = [];
  private readonly aborter = new AbortController();
  private unwatch: (() => void) | null = null;
  private painting = false;
  private readonly pace = new PaintPace();
  private paintedAt = -Infinity;
  private behind: ReturnType<typeof setTimeout> | undefined;
  private readonly watcher: Watcher;

  constructor(
    private readonly key: ExecutionKey,
    arn: string,
    private readonly paint: (feed: Feed) => void,
  ) {
    this.watcher = {
      execution: arn,
      after: () => lastId(this.log),
      receive: (message) => {
        if (message.type === 'events') this.take(message);
        else if (message.type === 'debugger') this.publish({ debuggerRecord: message.recordId });
        else this.publish({ failure: new ApiFailure(404, message.code, message.message) });
      },
    };
  }

  /** `runs` is what the execution itself says, which may have been redriven after `first`. */
  async start(first: Promise<EventPage>, runs: boolean) {
    try {
      let page = await first;
      if (this.aborter.signal.aborted) return;
      this.take(page);
      while (page.events.length > 0 && (isBehind(this.log) || (runs && isComplete(this.log)))) {
        page = await listEvents(this.key, lastId(this.log), this.aborter.signal);
        this.take(page);
        // Page by page, or the last one would be folded for as long as it takes to draw ten frames.
        this.fold();
      }
      this.publish({ loaded: true });
      if (!isComplete(this.log)) this.unwatch = stream.watch(this.watcher);
    } catch (error) {
      if (this.aborter.signal.aborted) return;
      this.publish({ loaded: true, failure: error instanceof Error ? error : new Error('Failed') });
    }
  }

  stop() {
    this.aborter.abort();
    clearTimeout(this.behind);
    this.unwatch?.();
  }

  private take(message: Arrival) {
    const { log, added, gap } = receive(this.log, message);
    this.log = log;
    clearTimeout(this.behind);
    if (gap) stream.ask(this.watcher);
    else if (isBehind(log)) {
      this.behind = setTimeout(() => stream.ask(this.watcher), BEHIND_MS);
    }
    const complete = isComplete(log);
    if (complete) {
      this.unwatch?.();
      this.unwatch = null;
    }
    if (added.length > 0 || complete !== this.feed.complete) {
      for (const event of added) this.pending.push(event);
      this.publish({ complete, failure: null });
    }
  }

  private publish(change: Partial<Feed>) {
    this.feed = { ...this.feed, ...change };
    if (this.painting) return;
    this.painting = true;
    const now = () => {
      this.painting = false;
      if (this.aborter.signal.aborted) return;
      this.fold();
      this.paintedAt = performance.now();
      this.pace.painted(this.paintedAt);
      this.paint(this.feed);
      this.measure(this.paintedAt);
    };
    // Not in an animation frame: what is drawn in one is shown with the next.
    const at = performance.now();
    const wait = this.feed.loaded ? this.pace.wait(at) : this.paintedAt + LOADING_PACE_MS - at;
    if (document.hidden) setTimeout(now, HIDDEN_MS);
    else if (wait > 0) setTimeout(now, wait);
    else queueMicrotask(now);
  }

  /**
   * What holds nothing up has let two frames pass within two and a half of its beginning, at the
   * middle: the first shows it, the second waits where showing it took long.
   */
  private measure(begin: number) {
    const lost = () => this.pace.lost(performance.now() - begin - 2.5 * FRAME_MS);
    requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(lost)));
  }

  private fold() {
    if (this.pending.length === 0) return;
    const model = applyEvents(this.feed.model, this.pending);
    this.feed = { ...this.feed, model, events: this.log.events };
    this.pending = [];
  }
}

/**
 * The feed of an execution; empty until it is known. One that had ended is listened to again when
 * it is redriven: what is painted stays until the events are there anew.
 */
export function useFeed(
  { machine, name }: ExecutionKey,
  execution: Pick<Execution, 'executionArn' | 'redriveCount' | 'status'> | undefined,
): Feed & {
  /** What is painted is of this many redrives, and not still of one fewer. */
  isCurrent: boolean;
} {
  // Kept with its ARN: what was painted for the last execution must not show up in this one.
  const [painted, setPainted] = useState<{
    arn: string;
    redrives: number | undefined;
    feed: Feed;
  }>();
  const queries = useQueryClient();
  const { executionArn: arn, redriveCount: redrives } = execution ?? {};
  const status = useRef(execution?.status);
  useEffect(() => {
    status.current = execution?.status;
  });
  useEffect(() => {
    void queries.query(firstEventsQuery({ machine, name })).catch(() => undefined);
  }, [queries, machine, name]);
  const fed = useRef<string>(undefined);
  useEffect(() => {
    if (arn === undefined) return;
    const isRedriven = fed.current === arn;
    fed.current = arn;
    const paint = (feed: Feed) => setPainted({ arn, redrives, feed });
    const source = new FeedSource({ machine, name }, arn, paint);
    const first = queries.query(firstEventsQuery({ machine, name }, isRedriven));
    void source.start(first, status.current === 'RUNNING');
    return () => source.stop();
  }, [queries, machine, name, arn, redrives]);
  if (painted === undefined || painted.arn !== arn) return { ...emptyFeed, isCurrent: false };
  return { ...painted.feed, isCurrent: painted.redrives === redrives };
}
