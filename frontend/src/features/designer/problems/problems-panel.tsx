import { CircleCheck } from 'lucide-react';

import type { Finding } from '@/api/definitions';
import { patch } from '@/asl/edit';
import { findState } from '@/asl/edit/scopes';
import { Button } from '@/ui/button';

import { isBlank } from '../drafts/blank';
import { useEditor, useEditorStore } from '../editor-store';
import { stateOfFinding } from './locations';

const word = (finding: Finding) => (finding.severity === 'ERROR' ? 'Error' : 'Warning');

/** Every finding: a click goes to its state, a fix mends it. */
export function ProblemsPanel() {
  const editor = useEditorStore();
  const findings = useEditor((state) => state.findings);
  const blank = useEditor(
    ({ document }) => document.broken === null && isBlank(document.definition),
  );
  if (blank) {
    return <p className="problems-none muted">What is wrong with the workflow is listed here.</p>;
  }
  if (findings.length === 0) {
    return (
      <p className="problems-none muted">
        <CircleCheck aria-hidden="true" /> No problems.
      </p>
    );
  }
  const go = (finding: Finding) => {
    const name = stateOfFinding(finding);
    const { document, select } = editor.getState();
    if (name !== null && findState(document.definition, name)) select([name]);
  };
  return (
    <ul className="problems" data-testid="problems">
      {findings.map((finding, index) => (
        <li key={index} className="problem" data-severity={finding.severity}>
          <button type="button" className="problem-go" onClick={() => go(finding)}>
            <span className="card-note" data-severity={finding.severity} aria-hidden="true">
              {finding.severity === 'ERROR' ? '✕' : '!'}
            </span>
            <span className="visually-hidden">{word(finding)}: </span>
            <span className="problem-message">{finding.message}</span>
            <code className="muted" title={finding.location}>
              {finding.location || (finding.range ? `line ${finding.range.start.line}` : '')}
            </code>
          </button>
          {finding.fixes.map((fix) => (
            <Button
              key={fix.title}
              size="small"
              onClick={() => editor.getState().apply(patch(fix.operations), fix.title)}
              data-testid="quick-fix"
            >
              {fix.title}
            </Button>
          ))}
        </li>
      ))}
    </ul>
  );
}
