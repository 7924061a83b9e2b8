import { FastForward, RotateCw, ShieldAlert } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';

import type { StatePlace } from '@/asl/definition';
import { Button } from '@/ui/button';

import { jsonProblem } from '../json-problem';
import type { Debugging } from './use-debugger';

interface Props {
  debugging: Debugging;
  place: StatePlace;
  /** What the branch waits for. */
  at: string;
  /** The state has not been run, so it can be skipped. */
  skips: boolean;
  retries?: boolean;
  heading?: ReactNode;
}

/** What opens below may lie out of sight; there the next thing is typed. */
function comeTo(form: HTMLFormElement | null) {
  form?.scrollIntoView({ block: 'nearest' });
  form?.querySelector<HTMLElement>('textarea, input')?.focus({ preventScroll: true });
}

/** Skip a state with a result, let it fail with an error, try it again now. */
export function StateActions({ debugging, place, at, skips, retries = false, heading }: Props) {
  const [open, setOpen] = useState<'skip' | 'fail' | null>(null);
  const [result, setResult] = useState('{}');
  const [error, setError] = useState('');
  const [cause, setCause] = useState('');
  const id = useId();
  const { tell, isTelling } = debugging;
  const type = place.state.Type;
  const skippable = skips && type !== 'Choice' && type !== 'Fail';
  const problem = jsonProblem(result);
  return (
    <div className="debug-actions-of-state">
      {heading !== undefined && <p>{heading}</p>}
      <span className="debug-buttons">
        {retries && (
          <Button
            size="small"
            disabled={isTelling}
            data-testid="retry-now"
            onClick={() => tell({ command: 'retry', at })}
          >
            <RotateCw />
            Try again now
          </Button>
        )}
        {skippable && (
          <Button
            size="small"
            aria-expanded={open === 'skip'}
            data-testid="skip-state"
            onClick={() => setOpen(open === 'skip' ? null : 'skip')}
          >
            <FastForward />
            Skip…
          </Button>
        )}
        <Button
          size="small"
          aria-expanded={open === 'fail'}
          data-testid="fail-state"
          onClick={() => setOpen(open === 'fail' ? null : 'fail')}
        >
          <ShieldAlert />
          Let it fail…
        </Button>
      </span>
      {open === 'skip' && (
        <form
          ref={comeTo}
          className="field"
          onSubmit={(event) => {
            event.preventDefault();
            if (problem === null) tell({ command: 'skip', at, result });
          }}
        >
          <label className="field-label" htmlFor={`${id}-result`}>
            Result <small>JSON; ResultPath, Output and Assign apply to it</small>
          </label>
          <textarea
            id={`${id}-result`}
            className="input"
            rows={3}
            spellCheck={false}
            data-testid="skip-result"
            aria-invalid={problem !== null}
            value={result}
            onChange={({ target }) => setResult(target.value)}
          />
          <p className="field-error" role="alert">
            {problem}
          </p>
          <Button
            type="submit"
            size="small"
            disabled={problem !== null || isTelling}
            data-testid="skip-submit"
          >
            Skip with this result
          </Button>
        </form>
      )}
      {open === 'fail' && (
        <form
          ref={comeTo}
          className="field"
          onSubmit={(event) => {
            event.preventDefault();
            tell({ command: 'fail', at, error: error.trim(), cause: cause.trim() });
          }}
        >
          <label className="field-label" htmlFor={`${id}-error`}>
            Error <small>its Retry and Catch answer it</small>
          </label>
          <input
            id={`${id}-error`}
            className="input mono"
            maxLength={256}
            data-testid="fail-error"
            value={error}
            onChange={({ target }) => setError(target.value)}
          />
          <label className="field-label" htmlFor={`${id}-cause`}>
            Cause
          </label>
          <input
            id={`${id}-cause`}
            className="input"
            data-testid="fail-cause"
            value={cause}
            onChange={({ target }) => setCause(target.value)}
          />
          <Button type="submit" size="small" disabled={isTelling} data-testid="fail-submit">
            Let it fail with this error
          </Button>
        </form>
      )}
    </div>
  );
}
