/** What the designer's parts share: the document with its history, the selection, what is dragged. */

import { createContext, useContext } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';

import type { Finding } from '@/api/definitions';
import type { StateMachine } from '@/api/state-machines';
import type { Scope } from '@/asl/definition';
import type { Command, Spot } from '@/asl/edit';
import {
  convert,
  edit,
  openDocument,
  redo,
  replace,
  type,
  undo,
  type SourceDocument,
} from '@/asl/source/document';
import { ready, type Format } from '@/asl/source/source';
import { toast } from '@/ui/feedback';

import { keptSettings, settingsOf, type MachineSettings } from './settings/settings';

/** What is on its way to the canvas: a new piece, or states of the canvas itself. */
export type Dragged =
  { kind: 'new'; label: string; fragment: () => Scope } | { kind: 'move'; names: string[] };

/** The menu that inserts: where it stands on the screen, and what it does with the choice. */
export interface InsertMenu {
  at: { x: number; y: number };
  title: string;
  command: (fragment: Scope) => Command;
}

export interface EditorState {
  document: SourceDocument;
  findings: Finding[];
  /** What it has beside the text; no part of the history. */
  settings: MachineSettings;
  /** Why the person may not change anything here; null where they may. */
  locked: string | null;
  /** What is published of them; null where the state machine has not been created. */
  published: MachineSettings | null;
  dragged: Dragged | null;
  /** Where it would land. */
  landing: Spot | null;
  insertMenu: InsertMenu | null;
  /** The state whose menu is open, and where. */
  stateMenu: { name: string; at: { x: number; y: number } } | null;
  collapsed: ReadonlySet<string>;
  /** Carries out a command; where it cannot be, says why and answers false. */
  apply: (command: Command, label: string) => boolean;
  typed: (text: string, continues: boolean) => void;
  open: (text: string, format: Format, label: string) => void;
  convertTo: (format: Format) => Promise<void>;
  undo: () => void;
  redo: () => void;
  select: (names: string[]) => void;
  toggleCollapsed: (name: string) => void;
}

export type EditorStore = StoreApi<EditorState>;

export const createEditorStore = (
  text: string,
  format: Format,
  machine: StateMachine | null,
  /** What its draft keeps of what it has beside the text. */
  kept: Record<string, unknown> = {},
  locked: string | null = null,
): EditorStore =>
  createStore<EditorState>((set, get) => {
    const change = (next: (document: SourceDocument) => SourceDocument) =>
      set(({ document }) => ({ document: next(document) }));
    /** A change of what is written, by whoever may write. */
    const write = (next: (document: SourceDocument) => SourceDocument) =>
      locked === null ? change(next) : toast('info', locked);
    return {
      document: openDocument(text, format),
      findings: [],
      locked,
      settings: keptSettings(kept, machine && settingsOf(machine)),
      published: machine && settingsOf(machine),
      dragged: null,
      landing: null,
      insertMenu: null,
      stateMenu: null,
      collapsed: new Set(),
      apply: (command, label) => {
        if (locked !== null) {
          toast('info', locked);
          return false;
        }
        const { document, outcome } = edit(get().document, command, label);
        if (!outcome.ok) toast('error', outcome.message);
        else set({ document });
        return outcome.ok;
      },
      typed: (text, continues) => write((document) => type(document, text, continues)),
      open: (text, format, label) => write((document) => replace(document, text, format, label)),
      convertTo: (format) =>
        ready(format)
          .then(() => write((document) => convert(document, format)))
          .catch(() => toast('error', `What reads ${format} could not be loaded. Try again.`)),
      undo: () => change(undo),
      redo: () => change(redo),
      select: (selected) =>
        change((document) =>
          sameNames(document.selected, selected) ? document : { ...document, selected },
        ),
      toggleCollapsed: (name) =>
        set(({ collapsed }) => {
          const next = new Set(collapsed);
          if (!next.delete(name)) next.add(name);
          return { collapsed: next };
        }),
    };
  });

const sameNames = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((name, index) => name === b[index]);

const Context = createContext<EditorStore | null>(null);
export const EditorProvider = Context.Provider;

export function useEditorStore(): EditorStore {
  const store = useContext(Context);
  if (!store) throw new Error('The designer needs an EditorProvider around it.');
  return store;
}

export function useEditor<T>(read: (state: EditorState) => T): T {
  return useStore(useEditorStore(), read);
}
