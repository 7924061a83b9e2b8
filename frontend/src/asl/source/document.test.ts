import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { commandFor, dice, starts } from '../edit/chance.fixture';
import { chain } from '../edit/edit.fixture';
import { insertAfter, renameState, single } from '../edit';
import { convert, edit, openDocument, redo, replace, type, undo } from './document';
import { readSource, writeSource, type Format } from './source';
import './yaml';

const open = () => openDocument(writeSource(chain('A', 'B'), 'JSON'), 'JSON');
const rename = renameState('A', 'Ay');

describe('the document', () => {
  it('has one history for code and canvas', () => {
    const start = open();
    const one = edit(start, rename, 'Rename').document;
    const two = type(one, one.text.replace('"Ay"', '"Aye"'), false);
    const three = type(two, two.text.replaceAll('"Ay"', '"Aye"'), true);
    const four = edit(three, insertAfter('Aye', single('Nap', { Type: 'Wait' })), 'Add').document;
    expect(Object.keys(four.definition.States ?? {})).toEqual(['Aye', 'Nap', 'B']);
    expect(undo(four).text).toBe(three.text);
    expect(undo(undo(four)).text).toBe(one.text);
    expect(undo(undo(undo(four)))).toMatchObject({ text: start.text, selected: [], past: [] });
    expect(redo(undo(four)).text).toBe(four.text);
    expect(redo(redo(redo(undo(undo(undo(four)))))).text).toBe(four.text);
    expect(undo(start)).toBe(start);
    expect(redo(start)).toBe(start);
  });
  it('shows the last good definition while the text is broken, and says so', () => {
    const start = open();
    const broken = type(start, start.text.slice(0, -4), false);
    expect(broken.definition).toBe(start.definition);
    expect(broken.broken).toMatch(/JSON/);
    const { document, outcome } = edit(broken, rename, 'Rename');
    expect(document).toBe(broken);
    expect(outcome.ok || outcome.message).toMatch(/Mend it/);
    expect(undo(broken)).toMatchObject({ broken: null, text: start.text });
  });
  it('selects what was made, and what was selected before when it is undone', () => {
    const start = { ...open(), selected: ['A'] };
    const made = edit(start, insertAfter('A', single('Nap', { Type: 'Wait' })), 'Add').document;
    expect(made.selected).toEqual(['Nap']);
    expect(undo(made).selected).toEqual(['A']);
    expect(redo(undo(made)).selected).toEqual(['Nap']);
  });
  it('goes from JSON to YAML and back', () => {
    const start = open();
    const made = convert(start, 'YAML');
    expect(made.text).toContain('StartAt: A\n');
    expect(undo(made)).toMatchObject({ text: start.text, format: 'JSON' });
    expect(redo(undo(made))).toMatchObject({ text: made.text, format: 'YAML' });
    expect(undo(replace(made, 'x', 'JSON', 'Open')).format).toBe('YAML');
  });
});

describe.each(['JSON', 'YAML'] as Format[])('any sequence of edits of a %s text', (format) => {
  it('says in text what it shows, and undoing restores every text exactly', () => {
    fc.assert(
      fc.property(starts, fc.array(dice, { maxLength: 15, size: 'max' }), (start, sequence) => {
        let document = openDocument(writeSource(start, format), format);
        const texts = [document.text];
        for (const each of sequence) {
          const next = edit(document, commandFor(document.definition, each), 'Any').document;
          if (next === document) continue;
          document = next;
          texts.push(document.text);
          const read = readSource(document.text, format);
          expect(read.ok && JSON.stringify(read.definition)).toBe(
            JSON.stringify(document.definition),
          );
        }
        const last = document;
        for (const text of texts.toReversed()) {
          expect(document.text).toBe(text);
          document = undo(document);
        }
        for (let i = 1; i < texts.length; i++) document = redo(document);
        expect(document.text).toBe(last.text);
        expect(document.definition).toEqual(last.definition);
      }),
      { numRuns: format === 'JSON' ? 40 : 12 },
    );
  }, 60_000);
});
