/**
 * The sheet that a graph lies on: which part of it is seen. While it moves nothing is rendered:
 * one transform of one element changes. Who listens is told the view and takes what it needs.
 */

import { createContext, useContext, useState } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';

import type { Box, Point, Rect } from '@/asl/layout/layered';

import type { View } from './graph-view';
import { partAround } from './in-view';
import { centredOn, fitted, onTheWay, pinched, zoomedAt } from './sheet-view';

export interface SheetState extends Box {
  view: View;
}

/** How long a movement takes, in milliseconds; at once without. */
export interface Glide {
  duration?: number;
}

interface Fit extends Glide {
  padding: number;
  maxZoom: number;
}

const STEP = 1.2;
/** The view has rested for so long: what makes room for it does not move while it does. */
const REST_MS = 150;

const onPixel = (at: number) => Math.round(at * devicePixelRatio) / devicePixelRatio;

export class Sheet {
  readonly store: StoreApi<SheetState> = createStore(() => ({
    view: { x: 0, y: 0, zoom: 1 },
    width: 0,
    height: 0,
  }));
  /** What of the graph is worth having in the page. */
  readonly part: StoreApi<Rect> = createStore(() => ({ x: 0, y: 0, width: 0, height: 0 }));
  /** The view as it was when it rested last; what follows it, and need not in every frame, listens here. */
  readonly rest: StoreApi<SheetState> = createStore(() => this.store.getState());
  private resting: ReturnType<typeof setTimeout> | undefined;
  private content: Box = { width: 0, height: 0 };
  private element: HTMLElement | null = null;
  private frame = 0;

  constructor() {
    this.store.subscribe((now, before) => {
      this.part.setState((part) => partAround(part, now.view, now));
      clearTimeout(this.resting);
      const rests = () => this.rest.setState(now);
      // The first view of all has not moved.
      if (before.width === 0) rests();
      else this.resting = setTimeout(rests, REST_MS);
    });
  }

  get view(): View {
    return this.store.getState().view;
  }
  get size(): Box {
    return this.store.getState();
  }

  /** What is shown when all is. */
  readonly holds = (content: Box) => {
    this.content = content;
  };
  /** Goes to a view, in the given time; a movement that is on its way ends. */
  readonly show = (view: View, { duration = 0 }: Glide = {}) => {
    cancelAnimationFrame(this.frame);
    // A hidden tab has no frames.
    if (duration === 0 || document.hidden) {
      this.store.setState({ view });
      return;
    }
    const from = this.view;
    const begin = performance.now();
    const move = (now: number) => {
      const share = Math.min(1, Math.max(0, (now - begin) / duration));
      if (share < 1) this.frame = requestAnimationFrame(move);
      this.store.setState({ view: share < 1 ? onTheWay(from, view, share) : view });
    };
    this.frame = requestAnimationFrame(move);
  };

  readonly fit = ({ padding, maxZoom, ...glide }: Fit) =>
    this.show(fitted(this.content, this.size, padding, maxZoom), glide);
  /** Has a point of the graph in the middle. */
  readonly centre = (point: Point, zoom: number, glide?: Glide) =>
    this.show(centredOn(point, this.size, zoom), glide);
  readonly zoomIn = () => this.zoomBy(STEP);
  readonly zoomOut = () => this.zoomBy(1 / STEP);

  /** Zooms about a point of the window, or about the middle. */
  readonly zoomBy = (factor: number, about?: Point) => {
    const { width, height } = this.size;
    const at = about ? this.fromWindow(about) : { x: width / 2, y: height / 2 };
    this.show(zoomedAt(this.view, at, this.view.zoom * factor));
  };
  readonly moveBy = (x: number, y: number) =>
    this.show({ ...this.view, x: this.view.x + x, y: this.view.y + y });
  /** Two points of the window become two others. */
  readonly pinch = (from: readonly [Point, Point], to: readonly [Point, Point]) => {
    const own = ([a, b]: readonly [Point, Point]) =>
      [this.fromWindow(a), this.fromWindow(b)] as const;
    this.show(pinched(this.view, own(from), own(to)));
  };

  /** A point of the window as one of the graph. */
  readonly toGraph = (at: Point): Point => {
    const { x, y } = this.fromWindow(at);
    const { view } = this;
    return { x: (x - view.x) / view.zoom, y: (y - view.y) / view.zoom };
  };
  /** A point of the graph as one of the window. */
  readonly toWindow = ({ x, y }: Point): Point => {
    const { view } = this;
    const box = this.element?.getBoundingClientRect();
    return {
      x: x * view.zoom + view.x + (box?.left ?? 0),
      y: y * view.zoom + view.y + (box?.top ?? 0),
    };
  };

  /** Takes its size from an element, and moves the one inside it; gives what ends that. */
  readonly attach = (element: HTMLElement, moved: HTMLElement) => {
    this.element = element;
    const place = ({ view: { x, y, zoom } }: SheetState) => {
      // Moved by a part of a pixel all of it would be painted anew.
      moved.style.transform = `translate(${onPixel(x)}px, ${onPixel(y)}px) scale(${zoom})`;
    };
    place(this.store.getState());
    const leave = this.store.subscribe((now, before) => now.view !== before.view && place(now));
    const resized = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      const known = this.size;
      if (width > 0 && (known.width !== width || known.height !== height)) {
        this.store.setState({ width, height });
      }
    });
    resized.observe(element);
    return () => {
      leave();
      resized.disconnect();
      cancelAnimationFrame(this.frame);
      this.element = null;
    };
  };

  private fromWindow({ x, y }: Point): Point {
    const box = this.element?.getBoundingClientRect();
    return { x: x - (box?.left ?? 0), y: y - (box?.top ?? 0) };
  }
}

const Context = createContext<Sheet | null>(null);
export const SheetProvider = Context.Provider;

/** A sheet for a page of its own. */
export function useNewSheet(): Sheet {
  const [sheet] = useState(() => new Sheet());
  return sheet;
}

export function useSheet(): Sheet {
  const sheet = useContext(Context);
  if (!sheet) throw new Error('A canvas needs a SheetProvider around it.');
  return sheet;
}

/** Something of the view; asked for with each of its frames, rendered where it has changed. */
export function useSheetState<T>(read: (state: SheetState) => T): T {
  return useStore(useSheet().store, read);
}

/** What of the graph is worth having in the page: see `partAround`. */
export const useInView = (): Rect => useStore(useSheet().part);
