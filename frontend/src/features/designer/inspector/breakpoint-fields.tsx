import type { Breakpoint } from '@/api/debugger';
import { useBreakpoints } from '@/features/executions/debugger/kept-breakpoints';

import { TextField } from './controls';

/** One's own breakpoints of a state: what runs of the draft and debugged executions pause at. */
export function BreakpointFields({
  machine,
  state,
  type,
}: {
  machine: string;
  state: string;
  type: string;
}) {
  const { breakpoints, keep } = useBreakpoints(machine);
  if (!breakpoints) return null;
  const put = (where: Breakpoint['where'], next: Breakpoint | null) => {
    const others = breakpoints.filter((each) => each.state !== state || each.where !== where);
    keep(next ? [...others, next] : others);
  };
  const wheres = type === 'Fail' ? (['before'] as const) : (['before', 'after'] as const);
  return (
    <section className="inspector-section" aria-label="Breakpoints">
      <h3>Breakpoints</h3>
      {wheres.map((where) => {
        const there = breakpoints.find((each) => each.state === state && each.where === where);
        return (
          <div key={where}>
            <label className="breakpoint-choice">
              <input
                type="checkbox"
                checked={there !== undefined}
                data-testid={`pause-${where}`}
                onChange={({ target }) =>
                  put(where, target.checked ? { state, where, condition: null } : null)
                }
              />
              Pause {where} it
            </label>
            {there && (
              <TextField
                label="Only if"
                value={there.condition ?? ''}
                placeholder="always"
                help="In JSONata {% $states.input.total > 100 %}, in JSONPath a Choice rule. Executions look at it; a run of the draft pauses always."
                testId={`pause-condition-${where}`}
                onCommit={(text) =>
                  put(where, { state, where, condition: text.trim() === '' ? null : text.trim() })
                }
              />
            )}
          </div>
        );
      })}
    </section>
  );
}
