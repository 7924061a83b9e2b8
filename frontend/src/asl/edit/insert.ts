/** Inserting a fragment: on an edge, before or after a state, or as the first of a scope. */

import type { Definition, Scope } from '../definition';
import { checked } from './checked';
import { fitted, leadsOn, tied } from './fragment';
import { withFreeNames } from './names';
import { refuse, type Command, type Outcome } from './outcome';
import {
  allNames,
  findState,
  own,
  scopeAt,
  statesOf,
  updateScope,
  withEntriesAfter,
  withValues,
  type AnyState,
  type ScopeRef,
} from './scopes';
import { canContinue, retarget, retargetScope, withNext, type TargetKind } from './targets';

/** An edge of the drawing: `from` null is the scope's start, `to` null its end. */
export interface Spot {
  scope: ScopeRef;
  from: string | null;
  to: string | null;
  kind: TargetKind;
}

/** Inserts on an edge. A drawn edge may stand for several rules; all of them lead here then. */
export const insertAt =
  (spot: Spot, fragment: Scope): Command =>
  (definition) => {
    const { from, to, kind } = spot;
    const scope = scopeAt(definition, spot.scope);
    if (!scope) return refuse('no-such-place', 'The place to insert at is not there any more.');
    const states = statesOf(scope);
    const origin = from === null ? null : own(states, from);
    if ((from !== null && !origin) || (to !== null && !own(states, to))) {
      return refuse('no-such-place', 'The place to insert at is not there any more.');
    }
    return inserted(definition, spot.scope, fragment, to, from, (start) => {
      if (from === null || !origin) return { ...scope, StartAt: start };
      return withValues(scope, {
        States: withValues(states, { [from]: led(origin, to, kind, start) }),
      });
    });
  };

function led(state: AnyState, to: string | null, kind: TargetKind, start: string): AnyState {
  if (to === null) return withNext(state, start);
  return retarget(state, (target, each) => (target === to && each === kind ? start : target));
}

/** Inserts before a state: everything that led to it leads to the fragment. */
export const insertBefore =
  (name: string, fragment: Scope): Command =>
  (definition) => {
    const found = findState(definition, name);
    if (!found) return refuse('no-such-state', `There is no state '${name}'.`);
    const { scope, ref } = found;
    const before = Object.keys(statesOf(scope));
    const after = before[before.indexOf(name) - 1] ?? null;
    return inserted(definition, ref, fragment, name, after, (start) => {
      const changed = retargetScope(scope, (to) => (to === name ? start : to));
      return scope.StartAt === name ? { ...changed, StartAt: start } : changed;
    });
  };

/** Inserts after a state; after a Choice on its Default. */
export const insertAfter =
  (name: string, fragment: Scope): Command =>
  (definition) => {
    const found = findState(definition, name);
    if (!found) return refuse('no-such-state', `There is no state '${name}'.`);
    const { state, ref } = found;
    if (state.Type === 'Choice') return afterChoice(definition, name, fragment);
    if (!canContinue(state)) {
      return refuse('nothing-follows', `'${name}' ends here: nothing can follow a ${state.Type}.`);
    }
    const to = state.End === true ? null : (state.Next ?? null);
    return insertAt({ scope: ref, from: name, to, kind: 'next' }, fragment)(definition);
  };

function afterChoice(definition: Definition, name: string, fragment: Scope): Outcome {
  const found = findState(definition, name);
  if (!found) return refuse('no-such-state', `There is no state '${name}'.`);
  const { state, scope, ref } = found;
  return inserted(definition, ref, fragment, state.Default ?? null, name, (start) =>
    withValues(scope, {
      States: withValues(statesOf(scope), { [name]: withValues(state, { Default: start }) }),
    }),
  );
}

/** Inserts as the first of a scope: of the machine, of a branch, of a processor. */
export const insertFirst =
  (ref: ScopeRef, fragment: Scope): Command =>
  (definition) => {
    const scope = scopeAt(definition, ref);
    if (!scope) return refuse('no-such-place', 'The branch to insert into is not there any more.');
    const start = scope.StartAt ?? '';
    const to = own(statesOf(scope), start) ? start : null;
    return insertAt({ scope: ref, from: null, to, kind: 'next' }, fragment)(definition);
  };

function inserted(
  definition: Definition,
  ref: ScopeRef,
  fragment: Scope,
  follow: string | null,
  after: string | null,
  lead: (start: string) => Scope,
): Outcome {
  const scope = scopeAt(definition, ref);
  if (!scope || Object.keys(statesOf(fragment)).length === 0) {
    return refuse('nothing-given', 'There is nothing to insert.');
  }
  const taken = allNames(definition);
  const piece = tied(withFreeNames(fitted(fragment, scope), taken), follow, taken);
  const changed = lead(piece.StartAt ?? '');
  const states = withEntriesAfter(statesOf(changed), after, Object.entries(statesOf(piece)));
  const next = updateScope(definition, ref, () => withValues(changed, { States: states }));
  const outcome = checked(definition, next, [piece.StartAt ?? '']);
  if (!outcome.ok && outcome.reason === 'unreachable' && !leadsOn(fragment)) {
    const [name] = Object.keys(statesOf(fragment));
    return refuse(
      'nothing-follows',
      `Nothing can follow '${name ?? ''}'. Put it where a way ends, or on a rule or a catcher.`,
    );
  }
  return outcome;
}
