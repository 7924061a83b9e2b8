/** From a finding's location to the state, and the field of it, that it is about. */

import type { Finding } from '@/api/definitions';
import { stateOfPath, type SourcePath } from '@/asl/source/positions';
import type { Note } from '@/features/graph/graph-store';

/**
 * "/States/Both/Branches[0]/States/Pay" as its keys. What stands in brackets, or alone, is a
 * position, unless it belongs to a state's name.
 */
export function pathOfLocation(location: string): SourcePath {
  const keys = location
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return keys.flatMap((key, index): SourcePath => {
    if (keys[index - 1] === 'States') return [key];
    const [, name, position] = /^([^[]*)\[(\d+)\]$/.exec(key) ?? [];
    if (name !== undefined) return [name, Number(position)];
    return [/^\d+$/.test(key) ? Number(key) : key];
  });
}

export const stateOfFinding = ({ location }: Pick<Finding, 'location'>) =>
  stateOfPath(pathOfLocation(location));

/** Where in its state it is: ["Catch", 0, "Next"]; empty of the state as a whole. */
export function placeOfFinding({ location }: Pick<Finding, 'location'>): SourcePath {
  const path = pathOfLocation(location);
  const name = stateOfPath(path);
  return name === null ? path : path.slice(path.lastIndexOf(name) + 1);
}

/** The field of its state: "Choices", "Retry"; "" of the state as a whole. */
export function fieldOfFinding({ location }: Pick<Finding, 'location'>): string {
  return String(placeOfFinding({ location })[0] ?? '');
}

/** What the cards show: how many problems each state has, the worst first. */
export function notesOf(findings: readonly Finding[]): Map<string, Note> {
  const notes = new Map<string, Note>();
  for (const finding of findings) {
    const name = stateOfFinding(finding);
    if (name === null) continue;
    const severity = finding.severity === 'ERROR' ? 'ERROR' : 'WARNING';
    const known = notes.get(name);
    if (!known) notes.set(name, { severity, count: 1, first: finding.message });
    else if (known.severity === severity || severity === 'WARNING') known.count++;
    else notes.set(name, { severity, count: known.count + 1, first: finding.message });
  }
  return notes;
}
