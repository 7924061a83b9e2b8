import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { GitFork } from 'lucide-react';
import { useId, useState } from 'react';

import { forkExecution, executionChanged, type ExecutionKey } from '@/api/executions';
import type { Visit } from '@/history/model';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { prettyJson } from '@/ui/json-text';

import { jsonProblem } from './json-problem';

function ForkForm({ execution, visit, onClose }: Omit<Props, 'open'>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const id = useId();
  const own = prettyJson(visit.input ?? '{}');
  const [text, setText] = useState(own);
  const problem = jsonProblem(text);
  const fork = useMutation({
    // As it was, unless it was edited: what the history cut short is whole on the server.
    mutationFn: () => forkExecution(execution, visit.id, text === own ? undefined : text),
    onSuccess: ({ stateMachineName: machine, name }) => {
      onClose();
      void executionChanged(queries, machine);
      void navigate({ to: '/executions/$machine/$name', params: { machine, name } });
    },
  });
  const deed = {
    ...fork,
    mutate: () => {
      if (problem === null) fork.mutate();
    },
    error: problem === null ? fork.error : new Error(problem),
  };
  return (
    <ConfirmForm
      deed={deed}
      onClose={onClose}
      keep="Cancel"
      testId="fork-submit"
      fields={
        <label className="field" htmlFor={id}>
          <span className="field-label">
            Input of {visit.name} <small>JSON</small>
          </span>
          <textarea
            id={id}
            className="input"
            rows={Math.min(18, Math.max(8, text.split('\n').length + 1))}
            spellCheck={false}
            data-testid="fork-input"
            aria-invalid={problem !== null}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
      }
    >
      <GitFork />
      Start from here
    </ConfirmForm>
  );
}

interface Props {
  execution: ExecutionKey;
  visit: Visit;
  open: boolean;
  onClose: () => void;
}

/** Starts a new execution that begins with a past state of this one. */
export default function ForkDialog({ open, onClose, ...rest }: Props) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Start a new execution from ${rest.visit.name}`}
      description={
        rest.visit.frame === 0
          ? 'It runs for real, with the variables as they were, in a state machine of its own.'
          : 'The rest of this branch or iteration runs for real, alone, with the variables as they were, in a state machine of its own.'
      }
      wide
    >
      <ForkForm {...rest} onClose={onClose} />
    </Dialog>
  );
}
