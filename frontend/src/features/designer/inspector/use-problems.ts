import type { Finding } from '@/api/definitions';
import type { SourcePath } from '@/asl/source/positions';

import { useEditor } from '../editor-store';
import type { Problem } from './problem-line';
import { placeOfFinding, stateOfFinding } from '../problems/locations';

const begins = (place: SourcePath, path: SourcePath) =>
  path.every((key, index) => place[index] === key);

/** An error, where there is one among the advice. */
export const worst = (findings: readonly Finding[]): Finding | undefined =>
  findings.find(({ severity }) => severity === 'ERROR') ?? findings[0];

/**
 * What is wrong with a state's fields, by their place in it: `within('Catch', 0, 'ErrorEquals')`
 * also says what is wrong inside of that, `at('Catch', 0)` only what is about it as a whole.
 */
export function useProblems(state: string) {
  const findings = useEditor((editor) => editor.findings);
  const found = findings
    .filter((finding) => stateOfFinding(finding) === state)
    .map((finding) => ({ place: placeOfFinding(finding), finding }));
  const first = (is: (place: SourcePath) => boolean): Problem | undefined =>
    worst(found.filter(({ place }) => is(place)).map(({ finding }) => finding));
  return {
    within: (...path: SourcePath) => first((place) => begins(place, path)),
    at: (...path: SourcePath) =>
      first((place) => place.length === path.length && begins(place, path)),
  };
}
