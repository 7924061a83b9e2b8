import type { SourcePath } from '@/asl/source/positions';

import { useEditor } from '../editor-store';
import { placeOfFinding, stateOfFinding } from '../problems/locations';

const begins = (place: SourcePath, path: SourcePath) =>
  path.every((key, index) => place[index] === key);

/**
 * What is wrong with a state's fields, by their place in it: `within('Catch', 0, 'ErrorEquals')`
 * also says what is wrong inside of that, `at('Catch', 0)` only what is about it as a whole.
 */
export function useProblems(state: string) {
  const findings = useEditor((editor) => editor.findings);
  const found = findings
    .filter((finding) => stateOfFinding(finding) === state)
    .map((finding) => ({ place: placeOfFinding(finding), message: finding.message }));
  return {
    within: (...path: SourcePath) => found.find(({ place }) => begins(place, path))?.message,
    at: (...path: SourcePath) =>
      found.find(({ place }) => place.length === path.length && begins(place, path))?.message,
  };
}
