/** A definition with some containers closed: their insides take no part in the layout. */

import type { Definition, Scope, State } from '@/asl/definition';
import { layOutDefinition, type GraphLayout } from '@/asl/layout/graph-layout';

function closed(scope: Scope, names: ReadonlySet<string>): Scope {
  const states = Object.entries(scope.States ?? {}).map(([name, state]): [string, State] => {
    if (state.Type === 'Parallel') {
      const branches = (state.Branches ?? []).map((branch) => closed(branch, names));
      return [name, { ...state, Branches: names.has(name) ? [] : branches }];
    }
    if (state.Type !== 'Map') return [name, state];
    const { ItemProcessor, Iterator, ...rest } = state;
    const inner = ItemProcessor ?? Iterator;
    if (!inner || names.has(name)) return [name, rest];
    return [name, { ...rest, ItemProcessor: closed(inner, names) }];
  });
  return { ...scope, States: Object.fromEntries(states) };
}

/** The layout of a definition; the cards of closed containers still say what they contain. */
export function layOutCollapsed(definition: Definition, names: ReadonlySet<string>): GraphLayout {
  if (names.size === 0) return layOutDefinition(definition);
  const layout = layOutDefinition(closed(definition, names));
  const originals = new Map<string, State>();
  const walk = (scope: Scope) => {
    for (const [name, state] of Object.entries(scope.States ?? {})) {
      originals.set(name, state);
      for (const inner of state.Branches ?? []) walk(inner);
      if (state.ItemProcessor) walk(state.ItemProcessor);
      if (state.Iterator) walk(state.Iterator);
    }
  };
  walk(definition);
  for (const placed of layout.states) placed.state = originals.get(placed.name) ?? placed.state;
  return layout;
}
