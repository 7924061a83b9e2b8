import { FoldHorizontal, Maximize, Minus, Plus } from 'lucide-react';
import { memo, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';

import type { ExecutionModel } from '@/history/model';
import {
  placeOf,
  rowSegments,
  ticksOf,
  timeScale,
  type Segment,
  type TimeScale,
} from '@/history/timeline';
import type { TreeRow } from '@/history/tree';
import { Button, IconButton } from '@/ui/button';
import { duration, useNow } from '@/ui/time';

import { TreeGrid } from './tree-grid';
import { useTree } from './use-tree';
import type { WhatRanProps } from './what-ran';
import './table.css';
import './timeline.css';

const NAME_WIDTH = 260;
const TICK_WIDTH = 96;
/** What the text of a tick, and of a bar, needs beside its place. */
const TEXT_WIDTH = 52;
const MOST_ZOOM = 400;
const percent = (share: number) => `${(share * 100).toFixed(4)}%`;

const WORDS: Record<Segment['kind'], string> = {
  queued: 'waiting for a worker',
  backoff: 'waiting to try again',
  wait: 'waiting',
  inside: 'took',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  caught: 'failed, caught',
  aborted: 'aborted',
  untold: 'the end is not loaded yet, so far',
};

function titleOf({ kind, attempt, from, to }: Segment, attempts: number): string {
  const which = attempt !== null && attempts > 1 ? `Attempt ${attempt + 1} ` : '';
  return `${which}${WORDS[kind]}, ${duration((to - from) * 1000)}`;
}

const Bars = memo(function Bars({
  model,
  row,
  scale,
  now,
}: {
  model: ExecutionModel;
  row: TreeRow;
  scale: TimeScale;
  now: number;
}) {
  const segments = rowSegments(model, row, now);
  const last = segments.at(-1);
  const attempts = segments.filter(({ attempt }) => attempt !== null).length;
  const end = placeOf(scale, last?.to ?? row.startedAt);
  const begin = placeOf(scale, row.startedAt);
  // After its bar; before it, where there is no room; in one that takes all of it.
  const side = end <= 0.88 ? 'after' : begin >= 0.12 ? 'before' : 'within';
  return (
    <span role="gridcell" className="bars" data-kind={row.kind}>
      {segments.map((segment) => {
        const from = placeOf(scale, segment.from);
        return (
          <span
            key={`${segment.kind}${segment.from}`}
            className="bar"
            data-segment={segment.kind}
            title={titleOf(segment, attempts)}
            style={{ left: percent(from), width: percent(placeOf(scale, segment.to) - from) }}
          />
        );
      })}
      <span
        className="bar-label"
        data-side={side}
        style={
          side === 'after'
            ? { left: percent(end) }
            : { right: percent(1 - (side === 'before' ? begin : end)) }
        }
      >
        {duration(((row.endedAt ?? now) - row.startedAt) * 1000)}
      </span>
    </span>
  );
});

/** The axis above the bars, and the folded stretches that go down through them. */
function Axis({ scale, width }: { scale: TimeScale; width: number }) {
  const ticks = ticksOf(scale, width / TICK_WIDTH).filter(
    (tick) => (1 - placeOf(scale, scale.begin + tick)) * width >= TEXT_WIDTH,
  );
  const fine = ticks.length > 1 ? (ticks[1] ?? 1) - (ticks[0] ?? 0) : 1;
  return (
    <span role="columnheader" className="axis" aria-label="Time since the start">
      {ticks.map((tick) => (
        <span key={tick} style={{ left: percent(placeOf(scale, scale.begin + tick)) }}>
          {tickText(tick, fine)}
        </span>
      ))}
    </span>
  );
}

function tickText(seconds: number, step: number): string {
  if (seconds < 60 || step < 1) {
    const digits = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
    return `${seconds.toFixed(digits)} s`;
  }
  return duration(seconds * 1000);
}

function Folds({ scale }: { scale: TimeScale }) {
  return scale.pieces
    .filter(({ idle }) => idle)
    .map(({ from, to, at, length }) => (
      <span
        key={from}
        className="fold-band"
        data-testid="folded-time"
        title={`${duration((to - from) * 1000)} in which nothing was done`}
        style={{ left: percent(at), width: percent(length) }}
      >
        <span>{duration((to - from) * 1000)}</span>
      </span>
    ));
}

/** How wide the bars are: the box's width, times the zoom. */
function useWidth(box: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(900);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return Math.max(200, width - NAME_WIDTH - 16);
}

/** What ran in time: a bar a state, its attempts and the waiting between them told apart. */
export default function Timeline(props: WhatRanProps & { mark: number | null }) {
  const { model, stateOf, tabs, mark } = props;
  const tree = useTree({ ...props, order: 'index' });
  const [fold, setFold] = useState(true);
  const [zoom, setZoom] = useState(1);
  const running = model.endedAt === null;
  // A step of the clock draws every bar in sight: often enough to be seen moving.
  const now = useNow(running, 250, model) / 1000;
  const end = running ? now : (model.endedAt ?? 0);
  const scale = useMemo(() => timeScale(model, end, fold), [model, end, fold]);
  const folds = scale.pieces.some(({ idle }) => idle);
  const box = useRef<HTMLDivElement>(null);
  const room = useWidth(box);
  const width = room * zoom;

  /** Keeps the moment under the pointer, or in the middle, where it is. */
  const zoomTo = useCallback(
    (wanted: number, clientX?: number) => {
      const element = box.current;
      const next = Math.min(MOST_ZOOM, Math.max(1, wanted));
      setZoom(next);
      if (!element) return;
      const left = element.getBoundingClientRect().left + NAME_WIDTH;
      const offset = clientX === undefined ? room / 2 : clientX - left;
      const share = (element.scrollLeft + offset) / (room * zoom);
      requestAnimationFrame(() => {
        element.scrollLeft = share * room * next - offset;
      });
    },
    [room, zoom],
  );
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    // React's own listener is passive and could not keep the page from zooming.
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomTo(zoom * (event.deltaY < 0 ? 1.25 : 0.8), event.clientX);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [zoomTo, zoom]);
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') zoomTo(zoom * 1.5);
    else if (event.key === '-') zoomTo(zoom / 1.5);
    else if (event.key === '0') zoomTo(1);
    else return;
    event.preventDefault();
  };
  const cells = (row: TreeRow) => <Bars model={model} row={row} scale={scale} now={end} />;
  const shows = tree.rows.length > 0;

  return (
    <section className="events timeline" aria-label="Timeline">
      <header className="events-header">
        {tabs}
        <span className="muted">
          {duration(((model.endedAt ?? now) - (model.startedAt ?? now)) * 1000)}
        </span>
        <span className="timeline-legend" aria-hidden="true">
          <i data-segment="succeeded" /> work
          <i data-segment="failed" /> failed attempt
          <i data-segment="backoff" /> backoff
          <i data-segment="wait" /> waiting
        </span>
        <span className="below-tools">
          <Button
            variant="ghost"
            size="small"
            aria-pressed={folds}
            aria-disabled={fold && !folds}
            title={
              fold && !folds
                ? 'There is no stretch of time in which nothing was done'
                : 'Draw stretches in which nothing was done short'
            }
            data-testid="fold-idle"
            onClick={() => (folds || !fold) && setFold(!fold)}
          >
            <FoldHorizontal />
            {folds ? 'Idle time folded' : fold ? 'No idle time' : 'Fold idle time'}
          </Button>
          <IconButton label="Zoom in (+)" onClick={() => zoomTo(zoom * 1.5)}>
            <Plus />
          </IconButton>
          <IconButton label="Zoom out (−)" onClick={() => zoomTo(zoom / 1.5)}>
            <Minus />
          </IconButton>
          <IconButton label="Show all of it (0)" onClick={() => zoomTo(1)}>
            <Maximize />
          </IconButton>
        </span>
      </header>
      {shows ? (
        <TreeGrid
          tree={tree}
          label="Timeline of what ran"
          columns={`${NAME_WIDTH}px ${width}px`}
          width={NAME_WIDTH + width + 16}
          box={box}
          scroller={() => box.current}
          stateOf={stateOf}
          cells={cells}
          onKeyDown={press}
          heading={
            <>
              <span role="columnheader">State</span>
              <Axis scale={scale} width={width} />
            </>
          }
          over={
            <span className="over-bars" style={{ left: NAME_WIDTH, width }} aria-hidden="true">
              <Folds scale={scale} />
              {mark !== null && (
                <span className="time-mark" style={{ left: percent(placeOf(scale, mark)) }} />
              )}
            </span>
          }
        />
      ) : (
        <div ref={box}>
          <p className="tree-nothing muted">No state has been entered yet.</p>
        </div>
      )}
    </section>
  );
}
