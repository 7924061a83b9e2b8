import { checkAgain, type Check, type Proposal, type ProposalKey } from '@/api/reviews';
import { Button } from '@/ui/button';

import { CHECK_NAMES, CheckSign, checkWord } from './badges';
import { useDeed } from './use-deed';

interface TestResult {
  name: string;
  passed: boolean;
  problem: string;
}
interface Replayed {
  executionName: string;
  verdict: string;
  divergences: { kind: string; place: string | null; message: string | null }[];
}
/** What a check came to, or how far it is. */
interface Answer {
  reason?: string;
  results?: unknown[];
  passed?: number;
  failed?: number;
  total?: number;
  done?: number;
  counts?: Record<string, number>;
}

function summary({ kind, status, answer }: Check): string {
  const found = answer as Answer;
  if (status === 'WAITING') {
    const total = found.total ?? 0;
    const done = found.done ?? found.results?.length ?? 0;
    return total > 0 ? `${done} of ${total}` : checkWord(status);
  }
  if (found.reason !== undefined) return found.reason;
  if (kind === 'TESTS') {
    const failed = found.failed ?? 0;
    const all = (found.passed ?? 0) + failed;
    return failed > 0 ? `${failed} of ${all} failed` : `${all} passed`;
  }
  const { DIVERGES = 0, FAILED = 0, SAME = 0, UNREPEATABLE = 0 } = found.counts ?? {};
  const words = [
    DIVERGES > 0 && `${DIVERGES} would go another way`,
    FAILED > 0 && `${FAILED} could not be replayed`,
    SAME > 0 && `${SAME} the same`,
    UNREPEATABLE > 0 && `${UNREPEATABLE} cannot be repeated`,
  ];
  return words.filter(Boolean).join(', ');
}

function Details({ check }: { check: Check }) {
  const results = (check.answer as Answer).results ?? [];
  if (check.kind === 'TESTS') {
    const failed = (results as TestResult[]).filter(({ passed }) => !passed);
    return (
      <ul className="check-details">
        {failed.map(({ name, problem }) => (
          <li key={name}>
            <strong>{name}</strong>: {problem}
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ul className="check-details">
      {(results as Replayed[]).slice(0, 8).map(({ executionName, verdict, divergences }) => (
        <li key={executionName}>
          <strong>{executionName}</strong>{' '}
          {divergences[0]
            ? (divergences[0].message ?? '') ||
              `${divergences[0].kind.toLowerCase()} at ${divergences[0].place ?? 'the end'}`
            : verdict.toLowerCase()}
        </li>
      ))}
    </ul>
  );
}

/** What was tried of the latest push by itself. */
export function Checks({ proposal, of }: { proposal: Proposal; of: ProposalKey }) {
  const again = useDeed(() => checkAgain(of));
  const waiting = proposal.checkResults.some(({ status }) => status === 'WAITING');
  return (
    <section aria-label="Checks" className="review-section">
      <h2>
        Checks
        {proposal.status === 'OPEN' && (
          <Button
            size="small"
            variant="ghost"
            disabled={waiting || again.isPending}
            onClick={() => again.mutate(undefined)}
          >
            Check again
          </Button>
        )}
      </h2>
      <ul className="checks">
        {proposal.checkResults.map((check) => (
          <li key={check.kind} data-testid="check" data-kind={check.kind} data-check={check.status}>
            <CheckSign {...check} />
            <span>
              {CHECK_NAMES[check.kind]}: <span className="muted">{summary(check)}</span>
              <Details check={check} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
