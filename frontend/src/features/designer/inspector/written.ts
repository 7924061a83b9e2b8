/** A field's value as the text that is typed for it, and back. */

import type { Control } from './state-fields';

const isQuery = (text: string) => /^\{%[\s\S]*%\}$/.test(text.trim());

/** The text of a value; JSON is laid out, a JSONata expression stands without quotes. */
export function written(value: unknown, control: Control): string {
  if (value === undefined) return '';
  if (typeof value === 'string' && (control !== 'json' || isQuery(value))) return value;
  return control === 'json' ? JSON.stringify(value, null, 2) : JSON.stringify(value);
}

/** The value of a text; an empty one is none. JSON that cannot be read throws: see jsonProblem. */
export function read(text: string, control: Control): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  // A path that is null drops what it would take.
  if (trimmed === 'null') return null;
  if (control === 'json') return isQuery(text) ? trimmed : JSON.parse(text);
  return control === 'limit' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
}

/** Why a text is no JSON, or nothing. An empty text is no value at all; an expression is one. */
export function jsonProblem(text: string): string | undefined {
  if (text.trim() === '' || isQuery(text)) return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'This is no JSON.';
  }
}
