import { useCallback, useEffect, useRef, useState } from 'react';

import { ApiFailure } from '@/api/client';
import { saveDraft } from '@/api/definitions';

import { useEditor, useEditorStore, type EditorState } from '../editor-store';
import { toKeep } from '../settings/settings';
import { dropCopy, keepCopy } from './crash-copy';

/** Typing pauses this long before it is saved, in milliseconds. */
const PAUSE = 500;
const AGAIN = 4000;

export type SaveStatus = 'saved' | 'unsaved' | 'saving' | 'conflict' | 'offline';

interface Start {
  user: string;
  name: string;
  /** The text that the server has already, as a draft or as the published definition. */
  text: string;
  sequence: number;
  base: string | null;
}

const keptOf = ({ published, settings }: EditorState) =>
  JSON.stringify(toKeep(settings, published));

/** Saves the draft as it is edited: in the browser at once, on the server after a pause. */
export function useAutosave(start: Start) {
  const editor = useEditorStore();
  const text = useEditor(({ document }) => document.text);
  const format = useEditor(({ document }) => document.format);
  const settings = useEditor(keptOf);
  const [status, setStatus] = useState<SaveStatus>('saved');
  // The page has begun with the settings that the server has.
  const server = useRef({ text: start.text, settings, sequence: start.sequence });
  const [savedText, setSavedText] = useState(start.text);
  const [savedSettings, setSavedSettings] = useState(settings);
  const base = useRef(start.base);
  const [baseRevision, setBaseRevision] = useState(start.base);
  const busy = useRef(false);
  const { user, name } = start;

  const save = useCallback(async (): Promise<boolean> => {
    const { document } = editor.getState();
    const kept = keptOf(editor.getState());
    if (busy.current) return false;
    if (document.text === server.current.text && kept === server.current.settings) {
      dropCopy(user, name);
      setStatus('saved');
      return true;
    }
    busy.current = true;
    setStatus('saving');
    try {
      const saved = await saveDraft(name, {
        definition: document.text,
        format: document.format,
        baseRevisionId: base.current,
        settings: JSON.parse(kept) as Record<string, unknown>,
        follows: server.current.sequence,
      });
      server.current = { text: document.text, settings: kept, sequence: saved.sequence };
      setSavedText(document.text);
      setSavedSettings(kept);
      const now = editor.getState();
      const current = now.document.text === document.text && keptOf(now) === kept;
      if (current) dropCopy(user, name);
      setStatus(current ? 'saved' : 'unsaved');
      return current;
    } catch (error) {
      setStatus(error instanceof ApiFailure && error.status === 409 ? 'conflict' : 'offline');
      return false;
    } finally {
      busy.current = false;
    }
  }, [editor, user, name]);

  useEffect(() => {
    if (settings === savedSettings) return;
    const timer = setTimeout(() => void save(), PAUSE);
    return () => clearTimeout(timer);
  }, [settings, savedSettings, save]);
  useEffect(() => {
    if (text === server.current.text) return;
    keepCopy(user, name, {
      text,
      format,
      base: base.current,
      follows: server.current.sequence,
    });
    const timer = setTimeout(() => void save(), PAUSE);
    return () => clearTimeout(timer);
  }, [text, format, save, user, name]);
  useEffect(() => {
    if (status !== 'offline' && status !== 'unsaved') return;
    const timer = setTimeout(() => void save(), status === 'offline' ? AGAIN : PAUSE);
    return () => clearTimeout(timer);
  }, [status, save]);

  /** After publishing: the published text is what the server has, and no draft. */
  const published = useCallback(
    (publishedText: string, revision: string) => {
      server.current = { text: publishedText, settings: '{}', sequence: 0 };
      setSavedText(publishedText);
      setSavedSettings('{}');
      base.current = revision;
      setBaseRevision(revision);
      dropCopy(user, name);
      setStatus('saved');
    },
    [user, name],
  );
  /** Goes on from what another window has saved, with what is written here. */
  const takeOver = useCallback(
    (sequence: number) => {
      server.current = { text: '', settings: '', sequence };
      setSavedText('');
      void save();
    },
    [save],
  );
  /** The draft goes on from another revision from now on. */
  const rebase = useCallback((revision: string) => {
    base.current = revision;
    setBaseRevision(revision);
  }, []);
  // During the pause nothing is being saved yet, and nothing is saved either.
  const shown: SaveStatus =
    status === 'saved' && (text !== savedText || settings !== savedSettings) ? 'unsaved' : status;
  return { status: shown, save, published, takeOver, rebase, baseRevision };
}
