import type { Comparison } from '@/api/state-machines';
import { CHANGE_SIGNS } from '@/features/graph/graph-store';
import { prettyJson } from '@/ui/json-text';

import { markOf } from './union';

type Changed = Comparison['surroundings'][number];

const HEADINGS: [Changed['about'], string][] = [
  ['CONFIGURATION', 'Configuration'],
  ['ALIASES', 'Aliases'],
  ['TESTS', 'Test cases and mocks'],
];

const kindOf = ({ before, after }: Changed) =>
  before === undefined ? 'ADDED' : after === undefined ? 'REMOVED' : 'FIELD_CHANGED';

/** Values that a sentence does not show: of mocks, inputs and outputs. */
const hasData = ({ about, sentence }: Changed) => about === 'TESTS' && !sentence.includes(' → ');

const shown = (value: unknown) =>
  value === undefined
    ? 'None'
    : isFingerprint(value)
      ? `${value.characters.toLocaleString('en')} characters, too long to be kept`
      : typeof value === 'string'
        ? prettyJson(value)
        : JSON.stringify(value, null, 2);

const isFingerprint = (value: unknown): value is { sha256: string; characters: number } =>
  typeof value === 'object' && value !== null && 'sha256' in value && 'characters' in value;

function Sentence({ change, onShow }: { change: Changed; onShow: (state: string) => void }) {
  const { state } = change;
  const words = (
    <>
      <span className="change-sign" aria-hidden="true">
        {CHANGE_SIGNS[markOf(kindOf(change))]}
      </span>
      <span>{change.sentence}</span>
    </>
  );
  return state === null ? (
    <span className="change" data-change={kindOf(change)}>
      {words}
    </span>
  ) : (
    <button
      type="button"
      className="change"
      data-change={kindOf(change)}
      onClick={() => onShow(state)}
    >
      {words}
    </button>
  );
}

/** What changed beside the definition: configuration, aliases, test cases and mocks. */
export function SurroundingList({
  changes,
  onShow,
}: {
  changes: Changed[];
  onShow: (state: string) => void;
}) {
  return HEADINGS.map(([about, heading]) => {
    const some = changes.filter((each) => each.about === about);
    return (
      some.length > 0 && (
        <section key={about} className="surroundings" aria-label={heading}>
          <h3>{heading}</h3>
          <ul data-testid="surroundings" data-about={about}>
            {some.map((each, index) => (
              <li key={index}>
                <Sentence change={each} onShow={onShow} />
                {hasData(each) && (
                  <details className="surrounding-values">
                    <summary>Values</summary>
                    <pre className="surrounding-old" aria-label="Before">
                      {shown(each.before)}
                    </pre>
                    <pre className="surrounding-new" aria-label="After">
                      {shown(each.after)}
                    </pre>
                  </details>
                )}
              </li>
            ))}
          </ul>
        </section>
      )
    );
  });
}
