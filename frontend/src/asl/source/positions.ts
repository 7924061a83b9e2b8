/** Between places in a text and states: the cursor selects a state, a state shows its text. */

import { getNodePath, findNodeAtOffset, findNodeAtLocation, parseTree } from 'jsonc-parser';

import { innerScopes, type Definition, type Scope } from '../definition';
import { processorField } from '../edit/scopes';
import { yaml, type Format } from './source';

export type SourcePath = (string | number)[];

/** Where a state stands in the document: ["States", "Both", "Branches", 0, "States", "Pack"]. */
export function pathOfState(definition: Definition, wanted: string): SourcePath | null {
  const walk = (scope: Scope, path: SourcePath): SourcePath | null => {
    for (const [name, state] of Object.entries(scope.States ?? {})) {
      const here = [...path, 'States', name];
      if (name === wanted) return here;
      for (const [index, inner] of innerScopes(state).entries()) {
        const field: SourcePath =
          state.Type === 'Parallel' ? ['Branches', index] : [processorField(state)];
        const found = walk(inner, [...here, ...field]);
        if (found) return found;
      }
    }
    return null;
  };
  return walk(definition, []);
}

/** The innermost state that a path leads into. */
export function stateOfPath(path: SourcePath): string | null {
  for (let at = path.length - 2; at >= 0; at--) {
    const name = path[at + 1];
    const before = path[at - 1];
    const isScope =
      at === 0 || typeof before === 'number' || before === 'ItemProcessor' || before === 'Iterator';
    if (path[at] === 'States' && typeof name === 'string' && isScope) return name;
  }
  return null;
}

/** The keys that lead to what stands at this offset, as far as the text can be read. */
export function pathAt(text: string, format: Format, offset: number): SourcePath {
  if (format === 'JSON') {
    const root = parseTree(text);
    const node = root && findNodeAtOffset(root, offset, true);
    return node ? getNodePath(node) : [];
  }
  return yaml().pathAt(text, offset);
}

/** The state that the text at this offset belongs to. */
export const stateAt = (text: string, format: Format, offset: number): string | null =>
  stateOfPath(pathAt(text, format, offset));

/** The part of the text that says a state, its name included; null where there is none. */
export function rangeOfState(
  text: string,
  format: Format,
  definition: Definition,
  name: string,
): { from: number; to: number } | null {
  const path = pathOfState(definition, name);
  if (!path) return null;
  if (format === 'JSON') {
    const root = parseTree(text);
    const node = root && findNodeAtLocation(root, path);
    const whole = node?.parent ?? node;
    return whole ? { from: whole.offset, to: whole.offset + whole.length } : null;
  }
  return yaml().rangeOf(text, path);
}
