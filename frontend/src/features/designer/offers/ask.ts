/** Asks the server, which follows the data, what a state's fields can name. */

import { followData, type Offered } from '@/api/definitions';
import type { Definition } from '@/asl/definition';

const NOTHING: Offered = {
  input: ['$'],
  effective: ['$'],
  result: ['$'],
  selected: ['$'],
  combined: ['$'],
  output: ['$'],
  variables: [],
};

/** A definition never changes: what was once answered of it stays true. */
const answered = new WeakMap<Definition, Map<string, Promise<Offered>>>();

/** What the definition offers to a state; asked once for both. A failure offers nothing. */
export function offeredTo(definition: Definition, state: string): Promise<Offered> {
  const states = answered.get(definition) ?? new Map<string, Promise<Offered>>();
  answered.set(definition, states);
  const known = states.get(state);
  if (known) return known;
  const answer = followData(JSON.stringify(definition), state).catch(() => {
    states.delete(state);
    return NOTHING;
  });
  states.set(state, answer);
  return answer;
}
