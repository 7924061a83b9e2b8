/** Places in a definition as JSON pointers (RFC 6901), and what they are called. */

import type { Definition, Scope, State } from '@/asl/definition';

const SCOPES = new Set(['Branches', 'ItemProcessor', 'Iterator', 'States']);
const MOST_FIELDS = 300;

export const escaped = (step: string) => step.replaceAll('~', '~0').replaceAll('/', '~1');
const unescaped = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');

/** Where each state stands. */
export function statePointers(definition: Definition): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (scope: Scope, at: string) => {
    for (const [name, state] of Object.entries(scope.States ?? {})) {
      const here = `${at}/States/${escaped(name)}`;
      if (!found.has(name)) found.set(name, here);
      state.Branches?.forEach((branch, index) => walk(branch, `${here}/Branches/${index}`));
      if (state.ItemProcessor) walk(state.ItemProcessor, `${here}/ItemProcessor`);
      if (state.Iterator) walk(state.Iterator, `${here}/Iterator`);
    }
  };
  walk(definition, '');
  return found;
}

export interface FieldPlace {
  /** Below the state, beginning with a slash. */
  pointer: string;
  /** "Retry[0].MaxAttempts". */
  name: string;
  value: unknown;
}

/** A state's own fields and what is in them; not the states within it. */
export function fieldsOf(state: State): FieldPlace[] {
  const found: FieldPlace[] = [];
  const walk = (value: unknown, pointer: string, name: string) => {
    if (found.length >= MOST_FIELDS) return;
    if (pointer !== '') found.push({ pointer, name, value });
    if (Array.isArray(value)) {
      value.forEach((each, index) => walk(each, `${pointer}/${index}`, `${name}[${index}]`));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) {
        if (pointer === '' && SCOPES.has(key)) continue;
        walk(each, `${pointer}/${escaped(key)}`, name === '' ? key : `${name}.${key}`);
      }
    }
  };
  walk(state, '', '');
  return found;
}

/** A place in a person's words: "Retry[0].MaxAttempts of Pay". */
export function placeName(pointer: string): string {
  const steps = pointer.split('/').slice(1).map(unescaped);
  const at = steps.lastIndexOf('States');
  const state = at >= 0 ? steps[at + 1] : undefined;
  const way = (state === undefined ? steps : steps.slice(at + 2)).reduce(
    (words, step) => (/^\d+$/.test(step) ? `${words}[${step}]` : `${words && `${words}.`}${step}`),
    '',
  );
  if (state === undefined) return way === '' ? 'The whole definition' : way;
  return way === '' ? state : `${way} of ${state}`;
}
