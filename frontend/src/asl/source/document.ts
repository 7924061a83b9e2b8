/**
 * The document that is edited: its text, what was last read from it, and how it came to be. Values
 * only; every function gives a new document.
 */

import type { Definition } from '../definition';
import type { Command, Outcome } from '../edit/outcome';
import { refuse } from '../edit/outcome';
import { inverse, spliceBetween, spliced, type Splice } from './history';
import { readSource, rewriteSource, writeSource, type Format } from './source';

interface Step extends Splice {
  label: string;
  /** Typing goes on in one step until it pauses. */
  typing: boolean;
  /** What was selected before and after it. */
  before: string[];
  after: string[];
  format: Format;
}

export interface SourceDocument {
  text: string;
  format: Format;
  /** What the text says, or said when it could last be read. */
  definition: Definition;
  /** Why the text cannot be read at the moment. */
  broken: string | null;
  selected: string[];
  past: readonly Step[];
  future: readonly Step[];
}

export function openDocument(text: string, format: Format): SourceDocument {
  const read = readSource(text, format);
  return {
    text,
    format,
    definition: read.ok ? read.definition : { StartAt: '', States: {} },
    broken: read.ok ? null : read.message,
    selected: [],
    past: [],
    future: [],
  };
}

/** The document with another text; what cannot be read leaves the last definition standing. */
function withText(document: SourceDocument, text: string, format: Format): SourceDocument {
  const read = readSource(text, format);
  return {
    ...document,
    text,
    format,
    definition: read.ok ? read.definition : document.definition,
    broken: read.ok ? null : read.message,
  };
}

/** Carries out a command. While the text is broken there is nothing to carry it out on. */
export function edit(
  document: SourceDocument,
  command: Command,
  label: string,
): { document: SourceDocument; outcome: Outcome } {
  if (document.broken !== null) {
    const message = `The ${document.format} cannot be read: ${document.broken} Mend it, or undo.`;
    return { document, outcome: refuse('no-such-place', message) };
  }
  const outcome = command(document.definition);
  if (!outcome.ok) return { document, outcome };
  const text = rewriteSource(
    document.text,
    document.format,
    document.definition,
    outcome.definition,
  );
  const step: Step = {
    ...spliceBetween(document.text, text),
    label,
    typing: false,
    before: document.selected,
    after: outcome.select,
    format: document.format,
  };
  return {
    document: {
      ...document,
      text,
      definition: outcome.definition,
      selected: outcome.select,
      past: [...document.past, step],
      future: [],
    },
    outcome,
  };
}

/** Takes over what was typed in the code. `continues` joins it to the typing before. */
export function type(document: SourceDocument, text: string, continues: boolean): SourceDocument {
  if (text === document.text) return document;
  const last = document.past.at(-1);
  const joins = continues && last?.typing === true && document.future.length === 0;
  const start = joins ? spliced(document.text, inverse(last)) : document.text;
  const step: Step = {
    ...spliceBetween(start, text),
    label: 'Typing',
    typing: true,
    before: joins ? last.before : document.selected,
    after: document.selected,
    format: document.format,
  };
  return {
    ...withText(document, text, document.format),
    past: [...(joins ? document.past.slice(0, -1) : document.past), step],
    future: [],
  };
}

/** Replaces the whole text: an import, the published revision, another format. */
export function replace(
  document: SourceDocument,
  text: string,
  format: Format,
  label: string,
): SourceDocument {
  if (text === document.text && format === document.format) return document;
  const step: Step = {
    ...spliceBetween(document.text, text),
    label,
    typing: false,
    before: document.selected,
    after: [],
    format: document.format,
  };
  return {
    ...withText(document, text, format),
    selected: [],
    past: [...document.past, step],
    future: [],
  };
}

/** The same definition in the other format. Comments of YAML have no place in JSON. */
export const convert = (document: SourceDocument, format: Format) =>
  document.broken === null && format !== document.format
    ? replace(document, writeSource(document.definition, format), format, `Write as ${format}`)
    : document;

export function undo(document: SourceDocument): SourceDocument {
  const step = document.past.at(-1);
  if (!step) return document;
  return {
    ...withText(document, spliced(document.text, inverse(step)), step.format),
    selected: step.before,
    past: document.past.slice(0, -1),
    future: [{ ...step, format: document.format }, ...document.future],
  };
}

export function redo(document: SourceDocument): SourceDocument {
  const [step, ...rest] = document.future;
  if (!step) return document;
  return {
    ...withText(document, spliced(document.text, step), step.format),
    selected: step.after,
    past: [...document.past, { ...step, format: document.format }],
    future: rest,
  };
}
