/**
 * Two histories of one execution on one graph: what was recorded, and what would have been. Pure.
 */

import type { Divergence } from '@/api/what-ifs';
import { placesOf, type Definition } from '@/asl/definition';
import type { PathMark } from '@/features/graph/graph-store';
import type { HistoryEvent } from '@/history/event';
import { applyEvents } from '@/history/fold';
import { emptyModel } from '@/history/model';
import { viewOf, type StateView } from '@/history/view';

export interface Paths {
  /** The replay's states as a graph shows them. */
  states: Map<string, StateView>;
  /** Ways that the replay took. */
  taken: Set<string>;
  /** Ways that only the recording took. */
  left: Set<string>;
  marks: Map<string, PathMark>;
}

/** "Pay[2]" is the state Pay in an iteration. */
export const stateOf = (place: string, names: ReadonlySet<string>) =>
  names.has(place) ? place : place.replace(/(\[\d+\])+$/, '');

/** What the graph shows. `names` are the states that are drawn. */
export function pathsOf(
  recorded: readonly HistoryEvent[],
  replayed: readonly HistoryEvent[],
  divergences: readonly Divergence[],
  names: ReadonlySet<string>,
): Paths {
  const before = viewOf(applyEvents(emptyModel, recorded), {});
  const after = viewOf(applyEvents(emptyModel, replayed), {});
  const marks = new Map<string, PathMark>();
  for (const name of new Set([...before.states.keys(), ...after.states.keys()])) {
    const there = before.states.has(name);
    const now = after.states.has(name);
    const went = there && now ? 'both' : there ? 'recorded' : 'replayed';
    marks.set(name, { went, diverges: null });
  }
  for (const { place, kind, recorded: was, replayed: will, message } of divergences) {
    if (place === null) continue;
    const name = stateOf(place, names);
    const known = marks.get(name);
    if (known?.diverges !== null) continue;
    const how =
      kind === 'PATH' ? `went on with ${was ?? 'nothing'}, now with ${will ?? 'nothing'}` : message;
    marks.set(name, { ...known, diverges: how || WORDS[kind] });
  }
  const left = new Set([...before.taken].filter((each) => !after.taken.has(each)));
  return { states: after.states, taken: after.taken, left, marks };
}

/** What a kind of divergence means, where nothing more is said. */
export const WORDS: Record<Divergence['kind'], string> = {
  PATH: 'another way',
  TASK: 'the task would be asked otherwise',
  DATA: 'another output',
  NO_RESULT: 'nobody knows how it goes on',
  STATUS: 'another end',
  OUTPUT: 'another output',
  ERROR: 'another error',
  CAUSE: 'another cause',
};

/** The other definition with what only the recorded one has, so that both ways can be drawn. */
export function statesLeftOut(ran: Definition, other: Definition): string[] {
  const drawn = placesOf(other);
  return [...placesOf(ran).keys()].filter((name) => !drawn.has(name));
}

/** One divergence as a sentence. */
export function sentenceOf({ kind, place, recorded, replayed, message }: Divergence): string {
  const at = place === null ? '' : `${place}: `;
  switch (kind) {
    case 'PATH':
      return place === null
        ? `Begins with ${replayed ?? 'nothing'}, not ${recorded ?? 'nothing'}`
        : `${at}goes on with ${replayed ?? 'nothing'}, not ${recorded ?? 'nothing'}`;
    case 'STATUS':
      return `Ends ${word(replayed)}, not ${word(recorded)}`;
    case 'NO_RESULT':
      return `${at}${message}`;
    default:
      return `${at}${WORDS[kind]}`;
  }
}

/** A JSON text that is a word, as a word. */
function word(text: string | null): string {
  if (text === null) return 'nothing';
  return text.replace(/^"|"$/g, '').toLowerCase().replace('_', ' ');
}
