import { TriangleAlert } from 'lucide-react';

import type { Finding } from '@/api/definitions';

/** What is wrong with a field, or what would be better. */
export type Problem = Pick<Finding, 'message' | 'severity'>;

/** A problem beneath its field. Advice has a sign and a colour of its own: nothing is broken. */
export function ProblemLine({ problem, id }: { problem: Problem | undefined; id?: string }) {
  const advice = problem !== undefined && problem.severity !== 'ERROR';
  return (
    <p id={id} className="field-error" data-advice={advice ? true : undefined}>
      {advice && <TriangleAlert aria-hidden="true" />}
      {problem?.message}
    </p>
  );
}
