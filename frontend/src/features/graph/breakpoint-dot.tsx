import { Pause } from 'lucide-react';
import type { MouseEvent } from 'react';

import { useGraph, type DebugMark } from './graph-store';
import './breakpoint-dot.css';

/** "Breakpoint before and after it, with a condition": what the dot says without its colour. */
function wordsOf(mark: DebugMark | undefined): string {
  const places = [mark?.before && 'before', mark?.after && 'after'].filter(Boolean);
  if (places.length === 0) return 'No breakpoint';
  const conditional = mark?.before === 'conditional' || mark?.after === 'conditional';
  return `Breakpoint ${places.join(' and ')} it${conditional ? ', with a condition' : ''}`;
}

interface Props {
  name: string;
  /** The pointer or the selection is at the state: there one can be set. */
  isNear: boolean;
}

/** The dot on a state's card: a click sets a breakpoint before the state, or removes all of it. */
export function BreakpointDot({ name, isNear }: Props) {
  const known = useGraph(({ debug }) => debug !== null);
  const mark = useGraph(({ debug }) => debug?.get(name));
  const toggle = useGraph((graph) => graph.toggleBreakpoint);
  // A thousand that nobody sees would be as many layers to put together with each movement.
  if (!known || (!isNear && !mark)) return null;
  const paused = (mark?.pausedBefore ?? 0) + (mark?.pausedAfter ?? 0);
  const click = (event: MouseEvent) => {
    event.stopPropagation();
    toggle(name);
  };
  return (
    <>
      {/* Not a tab stop: the canvas is one, and F9 does the same there. */}
      <button
        type="button"
        className="breakpoint-dot"
        tabIndex={-1}
        data-testid="breakpoint-dot"
        data-before={mark?.before ?? undefined}
        data-after={mark?.after ?? undefined}
        aria-pressed={Boolean(mark?.before ?? mark?.after)}
        aria-label={`${wordsOf(mark)}: ${name}`}
        title={`${wordsOf(mark)} (F9)`}
        onClick={click}
      >
        <span aria-hidden="true" />
      </button>
      {paused > 0 && (
        <span
          className="paused-mark"
          data-testid="paused-mark"
          data-where={mark?.pausedBefore ? 'before' : 'after'}
        >
          <Pause aria-hidden="true" />
          paused {mark?.pausedBefore ? 'before' : 'after'}
          {paused > 1 && ` × ${paused}`}
        </span>
      )}
    </>
  );
}
