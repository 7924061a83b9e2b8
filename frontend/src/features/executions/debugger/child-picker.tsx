import { useState } from 'react';

import { indexOf, type Children } from './children';

interface Props {
  of: NonNullable<Children>;
  /** The state's name, for who hears the page. */
  state: string;
  child: number;
  onChoose: (child: number) => void;
  /** Enter in the field. */
  onGo: () => void;
}

/** Which branch or item a step goes into. */
export function ChildPicker({ of, state, child, onChoose, onGo }: Props) {
  const [text, setText] = useState(String(child));
  if (of.kind === 'branches') {
    return (
      <select
        className="input debug-child"
        aria-label={`Branch of ${state} to step into`}
        data-testid="debug-child"
        value={child}
        onChange={({ target }) => onChoose(Number(target.value))}
      >
        {of.firsts.map((first, index) => (
          // Branches have no names: two may begin alike.
          <option key={index} value={index}>
            {`branch ${index + 1}: ${first}`}
          </option>
        ))}
      </select>
    );
  }
  const index = indexOf(text);
  return (
    <label className="debug-item">
      <span aria-hidden="true">item</span>
      <input
        className="input debug-child"
        aria-label={`Item of ${state} to step into, from 0`}
        aria-invalid={index === null}
        title="Items are counted from 0; beyond the last one it pauses behind the Map"
        inputMode="numeric"
        data-testid="debug-child"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          const next = indexOf(target.value);
          if (next !== null) onChoose(next);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && index !== null) onGo();
        }}
      />
    </label>
  );
}
