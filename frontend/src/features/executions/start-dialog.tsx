import { Bug, Play } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';

import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { prettyJson } from '@/ui/json-text';

import { jsonProblem } from './json-problem';
import { useStart } from './start-button';

interface Props {
  machine: string;
  input: string;
  open: boolean;
  onClose: () => void;
}

function StartForm({ machine, input, onClose }: Omit<Props, 'open'>) {
  const start = useStart(machine);
  const [text, setText] = useState(() => prettyJson(input));
  const [name, setName] = useState('');
  const ids = { input: useId(), name: useId(), problem: useId() };
  const problem = jsonProblem(text);
  const submit = (debugging = false) => {
    if (problem !== null || start.isPending) return;
    const trimmed = name.trim();
    start.mutate(
      { input: text, debugging, ...(trimmed !== '' && { name: trimmed }) },
      { onSuccess: onClose },
    );
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label className="field" htmlFor={ids.input}>
        <span className="field-label">
          Input <small>JSON</small>
        </span>
        <textarea
          id={ids.input}
          className="input"
          rows={Math.min(18, Math.max(8, text.split('\n').length + 1))}
          spellCheck={false}
          data-testid="start-input"
          aria-invalid={problem !== null}
          aria-describedby={ids.problem}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={press}
        />
      </label>
      <label className="field" htmlFor={ids.name}>
        <span className="field-label">
          Name <small>optional, one is made up otherwise</small>
        </span>
        <input
          id={ids.name}
          className="input mono"
          maxLength={80}
          data-testid="start-name"
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </label>
      <p id={ids.problem} className="field-error" role="alert" data-testid="start-problem">
        {problem ?? start.error?.message}
      </p>
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          disabled={problem !== null || start.isPending}
          data-testid="start-debug"
          title="Pauses before the first state, and at your breakpoints"
          onClick={() => submit(true)}
        >
          <Bug />
          Start under the debugger
        </Button>
        <Button
          type="submit"
          variant="primary"
          disabled={problem !== null || start.isPending}
          data-testid="start-submit"
        >
          <Play />
          Start execution
        </Button>
      </div>
    </form>
  );
}

/** Starts an execution with an input of one's own. */
export default function StartDialog(props: Props) {
  const { open, onClose, ...rest } = props;
  return (
    <Dialog open={open} onClose={onClose} title={`Start ${rest.machine}`} wide>
      <StartForm {...rest} onClose={onClose} />
    </Dialog>
  );
}
