import { useId, useState } from 'react';

import type { StatePlace } from '@/asl/definition';
import { Button } from '@/ui/button';

import type { Debugging } from './use-debugger';

interface Props {
  debugging: Debugging;
  place: StatePlace;
}

/** The breakpoints of one state: before it, after it, each on a condition or always. */
export function BreakpointFields({ debugging, place }: Props) {
  const wheres =
    place.state.Type === 'Fail' ? (['before'] as const) : (['before', 'after'] as const);
  return (
    <fieldset className="debug-breakpoints">
      <legend>Breakpoints</legend>
      {wheres.map((where) => (
        <Place key={where} {...{ debugging, place, where }} />
      ))}
    </fieldset>
  );
}

function Place({ debugging, place, where }: Props & { where: 'before' | 'after' }) {
  const { name } = place;
  const { tell, isTelling, view } = debugging;
  const there = view?.breakpoints.find(
    (each) => each.state === name && each.where === where && !each.temporary,
  );
  const condition = there?.condition ?? '';
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const shown = typed ?? condition;
  const set = (next: string) => {
    const trimmed = next.trim();
    tell(
      {
        command: 'setBreakpoint',
        state: name,
        where,
        condition: trimmed === '' ? null : trimmed,
      },
      {
        done: () => {
          setTyped(null);
          setProblem(null);
        },
        refused: setProblem,
      },
    );
  };
  const sees = where === 'before' ? 'the input' : 'the output';
  return (
    <div className="debug-breakpoint" data-set={there !== undefined || undefined}>
      <label>
        <input
          type="checkbox"
          data-testid={`breakpoint-${where}`}
          checked={there !== undefined}
          disabled={isTelling}
          onChange={({ target }) =>
            target.checked
              ? set(condition)
              : tell({ command: 'removeBreakpoint', state: name, where })
          }
        />
        {where === 'before' ? 'Before it' : 'After it'}
      </label>
      {there && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            set(shown);
          }}
        >
          <label className="visually-hidden" htmlFor={id}>
            Condition {where} {name}
          </label>
          <input
            id={id}
            className="input mono"
            data-testid={`condition-${where}`}
            placeholder={`always; or a condition on ${sees}`}
            title={
              'In JSONata {% $states.input.total > 100 %}, in JSONPath a Choice rule: ' +
              '{"Variable": "$.total", "NumericGreaterThan": 100}'
            }
            aria-invalid={problem !== null}
            aria-describedby={`${id}-problem`}
            value={shown}
            onChange={({ target }) => {
              setTyped(target.value);
              setProblem(null);
            }}
          />
          {typed !== null && typed !== condition && (
            <Button
              type="submit"
              size="small"
              disabled={isTelling}
              data-testid={`condition-${where}-set`}
            >
              Set
            </Button>
          )}
        </form>
      )}
      <p id={`${id}-problem`} className="field-error" role="alert">
        {there && problem}
      </p>
    </div>
  );
}
