/** Where a state can go next: the edges of the graph, taken from the definition alone. */

import { choiceSentence } from './choice-sentence';
import type { Scope, State } from './definition';

/** `gone`: the older definition of a comparison had it, and the newer one does not. */
export type TransitionKind = 'next' | 'choice' | 'catch' | 'gone';

export interface Transition {
  from: string;
  to: string;
  kind: TransitionKind;
  /** Rule sentences of a Choice, or Error Names of a Catch; several where they share a target. */
  labels: string[];
}

/** Names one edge of the graph; the history uses the same name for an edge that was taken. */
export function transitionId(from: string, to: string, kind: TransitionKind): string {
  return `${kind}:${from}\u0000${to}`;
}

/** Whether nothing follows the state inside its scope. */
export function isTerminal(state: State): boolean {
  return state.End === true || state.Type === 'Succeed' || state.Type === 'Fail';
}

function transitionsFrom(name: string, state: State): Transition[] {
  const byTarget = new Map<string, Transition>();
  const add = (to: string | undefined, kind: TransitionKind, label?: string) => {
    if (to === undefined) return;
    const id = transitionId(name, to, kind);
    const known = byTarget.get(id);
    if (!known) byTarget.set(id, { from: name, to, kind, labels: label ? [label] : [] });
    else if (label) known.labels.push(label);
  };
  if (state.Type === 'Choice') {
    for (const rule of state.Choices ?? []) add(rule.Next, 'choice', choiceSentence(rule));
    add(state.Default, 'choice', 'otherwise');
  } else if (!isTerminal(state)) {
    add(state.Next, 'next');
  }
  for (const catcher of state.Catch ?? []) {
    add(catcher.Next, 'catch', (catcher.ErrorEquals ?? []).join(', '));
  }
  for (const target of state.goneTo ?? []) add(target, 'gone');
  return [...byTarget.values()];
}

/** Every transition within one scope whose target exists there, in the definition's order. */
export function transitionsOf(scope: Scope): Transition[] {
  const states = scope.States ?? {};
  return Object.entries(states).flatMap(([name, state]) =>
    transitionsFrom(name, state).filter(({ to }) => to in states),
  );
}
