/**
 * A definition's text, JSON or YAML: read, and rewritten by edits. The text is what is stored; the
 * definition is only how it is read.
 */

import { parseDefinition, type Definition, type ParsedDefinition } from '../definition';
import { same } from './align';
import { rewriteJson } from './json-text';

export type Format = 'JSON' | 'YAML';

/** What there is to do with a YAML text: see yaml.ts. */
export interface Yaml {
  read: (text: string) => ParsedDefinition;
  write: (definition: Definition) => string;
  /** The text of `after`, made from the text of `before`; null where it cannot be read. */
  rewrite: (text: string, before: Definition, after: Definition) => string | null;
  /** The text without anchors; null where there are none, or they cannot be written out. */
  spellOut: (text: string) => string | null;
  pathAt: (text: string, offset: number) => (string | number)[];
  /** Where the member that a path leads to stands, its key included. */
  rangeOf: (text: string, path: (string | number)[]) => { from: number; to: number } | null;
}

/** Most definitions are JSON: what reads YAML comes when the first YAML does. */
let known: Yaml | null = null;

/** yaml.ts says what it can do when it is loaded. */
export function teach(yaml: Yaml) {
  known = yaml;
}

/** Resolves once texts of this format can be read and written. */
export async function ready(format: Format): Promise<void> {
  if (format === 'YAML' && known === null) await import('./yaml');
}

export function yaml(): Yaml {
  if (known === null) throw new Error('Wait for ready("YAML") first, or import source/yaml.');
  return known;
}

/** Reads a text; one that is no object says why, with the place where it is known. */
export function readSource(text: string, format: Format): ParsedDefinition {
  return format === 'JSON' ? parseDefinition(text) : yaml().read(text);
}

/** A definition as a new text. */
export function writeSource(definition: Definition, format: Format): string {
  return format === 'JSON' ? `${JSON.stringify(definition, null, 2)}\n` : yaml().write(definition);
}

/**
 * The text after an edit, with as little of it changed as can be. What comes out is read again: a
 * text that does not say `after` is never handed out, it is written anew instead.
 */
export function rewriteSource(
  text: string,
  format: Format,
  before: Definition,
  after: Definition,
): string {
  if (same(before, after)) return text;
  const direct = rewritten(text, format, before, after);
  if (direct !== null) return direct;
  // What anchors share changes in one place only: then each place has to have its own.
  const spelled = format === 'YAML' ? yaml().spellOut(text) : null;
  if (spelled !== null) {
    const read = readSource(spelled, format);
    const apart = read.ok ? rewritten(spelled, format, read.definition, after) : null;
    if (apart !== null) return apart;
  }
  return writeSource(after, format);
}

/** The text after an edit where it says just that, or null. */
function rewritten(
  text: string,
  format: Format,
  before: Definition,
  after: Definition,
): string | null {
  const rewrite = format === 'JSON' ? rewriteJson : yaml().rewrite;
  let next: string | null = null;
  try {
    next = rewrite(text, before, after);
  } catch {
    // A text that our rewriting does not foresee.
  }
  if (next === null) return null;
  const read = readSource(next, format);
  return read.ok && JSON.stringify(read.definition) === JSON.stringify(after) ? next : null;
}
