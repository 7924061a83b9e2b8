/**
 * A definition's text, JSON or YAML: read, and rewritten by edits. The text is what is stored; the
 * definition is only how it is read.
 */

import { parseDocument, stringify } from 'yaml';

import { parseDefinition, type Definition, type ParsedDefinition } from '../definition';
import { same } from './align';
import { rewriteJson } from './json-text';
import { READ_YAML, spellOut } from './yaml-anchors';
import { rewriteYaml } from './yaml-text';

export type Format = 'JSON' | 'YAML';

/** Reads a text; one that is no object says why, with the place where it is known. */
export function readSource(text: string, format: Format): ParsedDefinition {
  if (format === 'JSON') return parseDefinition(text);
  const document = parseDocument(text, READ_YAML);
  const [error] = document.errors;
  if (error) return { ok: false, message: error.message.split('\n')[0] ?? error.message };
  const value: unknown = document.toJS();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, message: 'A definition is a mapping with StartAt and States.' };
  }
  return { ok: true, definition: value };
}

/** A definition as a new text. */
export function writeSource(definition: Definition, format: Format): string {
  return format === 'JSON'
    ? `${JSON.stringify(definition, null, 2)}\n`
    : stringify(definition, { lineWidth: 0 });
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
  const spelled = format === 'YAML' ? spellOut(text) : null;
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
  const rewrite = format === 'JSON' ? rewriteJson : rewriteYaml;
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
