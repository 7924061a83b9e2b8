import type { Unmet } from '@/api/test-cases';
import type { TestRun } from '@/api/trials';
import { prettyJson } from '@/ui/json-text';

const WHAT: Record<Unmet['what'], string> = {
  status: 'Its end',
  error: 'Its error',
  cause: 'Its cause',
  output: 'Its output',
  path: 'Its way',
};

const shown = (value: string | null) => (value === null ? 'nothing' : prettyJson(value));

/** What a test expected and what came instead, side by side. */
export function CaseResult({ run }: { run: TestRun }) {
  const { unmet, stop, unknownMocks } = run;
  return (
    <div className="case-result" data-testid="case-result">
      {stop && <p className="field-error">{stop.message}</p>}
      {unknownMocks.length > 0 && (
        <p className="muted">
          Mocks of what is no state of the draft: {unknownMocks.join(', ')}. They are not used.
        </p>
      )}
      {unmet.length > 0 && (
        <table className="case-unmet">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Expected</th>
              <th scope="col">Came</th>
            </tr>
          </thead>
          <tbody>
            {unmet.map(({ what, pointer, expected, actual }) => (
              <tr key={`${what} ${pointer}`} data-testid="unmet" data-what={what}>
                <th scope="row">
                  {WHAT[what]}
                  {pointer !== '' && <code>{pointer}</code>}
                </th>
                <td className="case-expected">
                  <pre>− {shown(expected)}</pre>
                </td>
                <td className="case-actual">
                  <pre>+ {shown(actual)}</pre>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {run.passed && (
        <p className="muted">
          {run.path.length} states entered, {Math.round(run.elapsedSeconds * 10) / 10} s of its own
          clock.
        </p>
      )}
    </div>
  );
}
