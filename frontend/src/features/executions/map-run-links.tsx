import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { keyOfArn, mapRunsQuery } from '@/api/map-runs';
import type { State } from '@/asl/definition';
import type { ExecutionModel } from '@/history/model';
import { StatusGlyph, statusWord } from '@/ui/status';

/** The ways to the Map Runs that a visit to a distributed Map has started. */
export function MapRunLinks({
  machine,
  name,
  state,
  model,
  visit,
}: {
  machine: string;
  name: string;
  state: State;
  model: ExecutionModel;
  /** The visit's place in the model's list. */
  visit: number;
}) {
  const distributed = state.ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED';
  const running = model.visits[visit]?.status === 'RUNNING';
  const query = useQuery({ ...mapRunsQuery({ machine, name }, running), enabled: distributed });
  const runs = (query.data?.results ?? []).filter(({ event }) => model.visitOf[event] === visit);
  if (!distributed || runs.length === 0) return null;
  return (
    <ul className="child-executions" aria-label="Map Runs of this state">
      {runs.map(({ mapRunArn, label, status, itemCounts: { succeeded, failed, total } }) => (
        <li key={mapRunArn}>
          <Link
            className="execution-link"
            data-testid="map-run-link"
            data-status={status}
            to="/map-runs/$machine/$label/$run"
            params={keyOfArn(mapRunArn)}
            title={`Map Run ${label}, ${statusWord(status).toLowerCase()}`}
          >
            <StatusGlyph status={status} />
            <span className="ellipsis">
              Map Run {label}{' '}
              <span className="muted">
                {succeeded.toLocaleString('en')} of {total.toLocaleString('en')} items
                {failed > 0 && `, ${failed.toLocaleString('en')} failed`}
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
