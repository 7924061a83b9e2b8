/**
 * Every glyph and icon of the graph drawn once and referred to by its cards: a drawing of its own
 * in each card would double the number of elements in the page.
 */

import { useMemo } from 'react';

import type { State } from '@/asl/definition';
import type { GraphLayout } from '@/asl/layout/graph-layout';
import { STATUSES, StatusShape, statusWord, type AnyStatus } from '@/ui/status';

import { iconName, StateIcon } from './state-icons';

export function GraphSymbols({ layout }: { layout: GraphLayout }) {
  const icons = useMemo(() => {
    const found = new Map<string, State>();
    for (const { state } of layout.states) found.set(iconName(state), state);
    return [...found];
  }, [layout]);
  return (
    <svg className="graph-symbols" aria-hidden="true">
      {STATUSES.map((status) => (
        <symbol key={status} id={`glyph-${status}`} viewBox="0 0 16 16">
          <StatusShape status={status} />
        </symbol>
      ))}
      {icons.map(([name, state]) => (
        <symbol key={name} id={`icon-${name}`} viewBox="0 0 24 24">
          <StateIcon state={state} />
        </symbol>
      ))}
    </svg>
  );
}

/** The sign of a status on a card. */
export function CardGlyph({ status }: { status: AnyStatus }) {
  return (
    <svg className="glyph" data-status={status} role="img" aria-label={statusWord(status)}>
      <use href={`#glyph-${status}`} />
    </svg>
  );
}

/** The tinted square that says what kind of state this is. */
export function CardIcon({ state }: { state: State }) {
  return (
    <svg className="card-icon" aria-hidden="true">
      <use href={`#icon-${iconName(state)}`} />
    </svg>
  );
}
