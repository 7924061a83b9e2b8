import { autocompletion, closeBrackets } from '@codemirror/autocomplete';
import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, type Text } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';

import type { Finding } from '@/api/definitions';
import { nonce } from '@/app/nonce';
import { rangeOfState, stateAt } from '@/asl/source/positions';
import { spliceBetween } from '@/asl/source/history';

import { useEditor, useEditorStore } from '../editor-store';
import { completion } from './completion';
import { highlighting } from './highlighting';
import './code-pane.css';

/** A change that came from elsewhere: it is not typed, and is not handed back. */
const fromOutside = Annotation.define<boolean>();
/** Typing that pauses no longer than this is one step of the history, in milliseconds. */
const PAUSE = 700;

function diagnosticsOf(findings: readonly Finding[], doc: Text): Diagnostic[] {
  const offset = ({ line, column }: { line: number; column: number }) => {
    const at = doc.line(Math.max(1, Math.min(doc.lines, line)));
    return Math.min(at.to, at.from + column - 1);
  };
  return findings.flatMap(({ range, severity, message, code }): Diagnostic[] => {
    if (!range) return [];
    const from = offset(range.start);
    const to = Math.max(from, offset(range.end));
    return [
      { from, to, severity: severity === 'ERROR' ? 'error' : 'warning', message, source: code },
    ];
  });
}

/** The definition as text. It and the canvas are two views of one document with one history. */
export default function CodePane() {
  const editor = useEditorStore();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const format = useEditor(({ document }) => document.format);
  const text = useEditor(({ document }) => document.text);
  const selected = useEditor(({ document }) => document.selected.at(-1));
  const findings = useEditor((state) => state.findings);

  useEffect(() => {
    if (!place.current) return;
    let typedAt = 0;
    const history = (run: () => void) => () => {
      run();
      return true;
    };
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: editor.getState().document.text,
        extensions: [
          lineNumbers(),
          foldGutter(),
          lintGutter(),
          drawSelection(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          search({ top: true }),
          format === 'JSON' ? json() : yaml(),
          syntaxHighlighting(highlighting),
          autocompletion({ override: [completion(editor)] }),
          keymap.of([
            { key: 'Mod-z', run: history(() => editor.getState().undo()) },
            { key: 'Mod-Shift-z', run: history(() => editor.getState().redo()) },
            { key: 'Mod-y', run: history(() => editor.getState().redo()) },
            // Tab indents; Escape, then Tab, leaves the editor (the library's own rule).
            indentWithTab,
            ...searchKeymap,
            ...foldKeymap,
            ...defaultKeymap,
          ]),
          EditorState.readOnly.of(editor.getState().locked !== null),
          EditorView.cspNonce.of(nonce),
          EditorView.contentAttributes.of({
            'aria-label': `Definition as ${format}`,
            tabindex: '0',
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              if (update.transactions.some((each) => each.annotation(fromOutside))) return;
              const now = performance.now();
              editor.getState().typed(update.state.doc.toString(), now - typedAt < PAUSE);
              typedAt = now;
            } else if (!update.selectionSet || !update.view.hasFocus) return;
            const { document, select } = editor.getState();
            if (document.broken !== null) return;
            const { head } = update.state.selection.main;
            const name = stateAt(document.text, document.format, head);
            if (name !== null) select([name]);
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, [editor, format]);

  useEffect(() => {
    const { current } = view;
    const shown = current?.state.doc.toString();
    if (!current || shown === undefined || shown === text) return;
    const { at, removed, inserted } = spliceBetween(shown, text);
    current.dispatch({
      changes: { from: at, to: at + removed.length, insert: inserted },
      annotations: fromOutside.of(true),
    });
  }, [text, format]);

  useEffect(() => {
    const { current } = view;
    if (current)
      current.dispatch(setDiagnostics(current.state, diagnosticsOf(findings, current.state.doc)));
  }, [findings, format]);

  useEffect(() => {
    const { current } = view;
    if (!current || selected === undefined || current.hasFocus) return;
    const { document } = editor.getState();
    if (document.broken !== null) return;
    const range = rangeOfState(document.text, document.format, document.definition, selected);
    if (!range || range.to > current.state.doc.length) return;
    current.dispatch({
      selection: { anchor: range.from },
      effects: EditorView.scrollIntoView(range.from, { y: 'start', yMargin: 40 }),
    });
  }, [editor, selected, format]);

  return <div className="code-pane" ref={place} data-testid="code-pane" />;
}
