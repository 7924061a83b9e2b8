import { useMemo } from 'react';

import type { HistoryEvent } from '@/history/event';
import type { ExecutionModel } from '@/history/model';
import { stagesOf, variablesAt, type Variable } from '@/history/stages';
import { JsonView } from '@/ui/json-view';

function Variables({ title, variables }: { title: string; variables: Variable[] }) {
  if (variables.length === 0) return null;
  return (
    <section className="variables" data-testid="variables">
      <h3>{title}</h3>
      {variables.map(({ name, text, by }) => (
        <JsonView key={name} text={text} label={by === '' ? `$${name}` : `$${name}, by ${by}`} />
      ))}
    </section>
  );
}

/** The way of a visit's data from input to output, and the variables it could read and assigned. */
export function Stages({
  model,
  place,
  events,
}: {
  model: ExecutionModel;
  place: number;
  events: readonly HistoryEvent[];
}) {
  const visit = model.visits[place];
  const stages = useMemo(() => (visit ? stagesOf(visit, events) : []), [visit, events]);
  const readable = useMemo(() => variablesAt(model, place), [model, place]);
  const assigned = Object.entries(visit?.assigned ?? {}).map(([name, text]) => ({
    name,
    text,
    by: '',
  }));
  if (stages.length === 0) {
    return <p className="pane-nothing muted">The history keeps no data of this state.</p>;
  }
  return (
    <>
      <ol className="stages">
        {stages.map(({ title, text, truncated }, nth) => (
          <li key={title} data-testid="stage" data-stage={title}>
            {text === stages[nth - 1]?.text && nth > 0 ? (
              <p className="stage-same">
                <strong>{title}</strong> <span className="muted">the same</span>
              </p>
            ) : (
              <JsonView text={text} label={title} truncated={truncated} />
            )}
          </li>
        ))}
      </ol>
      <Variables title="Variables it could read" variables={readable} />
      <Variables title="Variables it assigned" variables={assigned} />
    </>
  );
}
