import { useEffect } from 'react';

import { reviewDefinition } from '@/api/definitions';

import { isBlank } from '../drafts/blank';
import { useEditor, useEditorStore } from '../editor-store';

/** Typing pauses this long before the server is asked, in milliseconds. */
const PAUSE = 120;

/** Keeps the findings of the one validator, the server's, in step with the text. */
export function useFindings() {
  const editor = useEditorStore();
  const text = useEditor(({ document }) => document.text);
  const format = useEditor(({ document }) => document.format);
  const roleArn = useEditor(({ settings }) => settings.roleArn);
  const blank = useEditor(
    ({ document }) => document.broken === null && isBlank(document.definition),
  );
  useEffect(() => {
    if (blank) {
      // Nobody has written anything wrong yet.
      editor.setState({ findings: [] });
      return;
    }
    const control = new AbortController();
    // A command is whole at once; of what is typed the next letter may follow.
    const typing = editor.getState().document.past.at(-1)?.typing === true;
    const timer = setTimeout(
      () => {
        reviewDefinition(text, format, roleArn, control.signal)
          .then((findings) => editor.setState({ findings }))
          // The next edit asks again; the autosave says when the server is away.
          .catch(() => undefined);
      },
      typing ? PAUSE : 0,
    );
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [editor, text, format, roleArn, blank]);
}
