import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import { syntaxHighlighting } from '@codemirror/language';
import { MergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';

import type { Comparison } from '@/api/state-machines';
import { nonce } from '@/app/nonce';
import { prettyJson } from '@/ui/json-text';
import { highlighting } from '@/features/designer/code/highlighting';

const sheet = ({ definition, format }: Comparison['before'], label: string) => ({
  // One line says nothing of where it changed; a text of several is shown as it was written.
  doc: format === 'JSON' && !definition.includes('\n') ? prettyJson(definition) : definition,
  extensions: [
    lineNumbers(),
    format === 'YAML' ? yaml() : json(),
    syntaxHighlighting(highlighting),
    EditorState.readOnly.of(true),
    EditorView.lineWrapping,
    EditorView.cspNonce.of(nonce),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
  ],
});

/** The two texts side by side, what did not change folded away. */
export default function TextComparison({ comparison }: { comparison: Comparison }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const view = new MergeView({
      a: sheet(comparison.before, 'Before'),
      b: sheet(comparison.after, 'After'),
      parent: host.current,
      collapseUnchanged: { margin: 3, minSize: 6 },
      gutter: true,
    });
    return () => view.destroy();
  }, [comparison]);
  return <div ref={host} className="text-comparison" data-testid="text-comparison" />;
}
