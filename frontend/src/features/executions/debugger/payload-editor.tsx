import { useId, useState } from 'react';

import type { Paused } from '@/api/executions';
import { Button } from '@/ui/button';
import { prettyJson } from '@/ui/json-text';

import { jsonProblem } from '../json-problem';
import type { Debugging } from './use-debugger';

interface Props {
  debugging: Debugging;
  paused: Paused;
  edited: 'input' | 'output' | 'variables';
  text: string;
}

const TITLES = { input: 'Input', output: 'Output', variables: 'Variables' };

/** Shows what a paused branch has, and changes it. */
export function PayloadEditor({ debugging, paused, edited, text }: Props) {
  // What is typed belongs to the pause and to the payload it began with.
  const [typed, setTyped] = useState<{ at: string; from: string; text: string } | null>(null);
  const id = useId();
  const mine = typed?.at === paused.at && typed.from === text ? typed.text : null;
  const shown = mine ?? prettyJson(text);
  const problem = mine === null ? null : jsonProblem(mine);
  const save = () => {
    if (mine === null || problem !== null) return;
    debugging.tell({ command: 'edit', at: paused.at, edited, text: mine });
  };
  if (edited === 'variables' && text === '{}' && mine === null) {
    return (
      <Button
        size="small"
        variant="ghost"
        className="debug-add"
        data-testid="edit-variables-open"
        onClick={() => setTyped({ at: paused.at, from: text, text: '{\n  \n}' })}
      >
        Add variables
      </Button>
    );
  }
  return (
    <div className="field debug-editor">
      <label className="field-label" htmlFor={id}>
        {TITLES[edited]} <small>JSON, can be edited while it is paused</small>
      </label>
      <textarea
        id={id}
        className="input"
        rows={Math.min(9, Math.max(2, shown.split('\n').length))}
        spellCheck={false}
        data-testid={`edit-${edited}`}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-problem`}
        value={shown}
        onChange={({ target }) => setTyped({ at: paused.at, from: text, text: target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
        }}
      />
      <p id={`${id}-problem`} className="field-error" role="alert">
        {problem}
      </p>
      {mine !== null && (
        <span className="debug-buttons">
          <Button
            size="small"
            variant="primary"
            disabled={problem !== null || debugging.isTelling}
            data-testid={`edit-${edited}-save`}
            onClick={save}
          >
            Change the {edited}
          </Button>
          <Button size="small" variant="ghost" onClick={() => setTyped(null)}>
            Leave it as it is
          </Button>
        </span>
      )}
    </div>
  );
}
