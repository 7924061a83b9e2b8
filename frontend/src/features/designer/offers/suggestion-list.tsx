import { useEffect, useRef } from 'react';

import type { Suggestions } from './use-suggestions';

/** What can be written here; the field above it keeps the focus. */
export function SuggestionList({ id, options, active, choose }: Suggestions) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active, options]);
  useEffect(() => {
    list.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <ul id={id} className="suggestions" role="listbox" aria-label="What can be written" ref={list}>
      {options.map((option, index) => (
        // The field keeps the focus and the keys: see aria-activedescendant.
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events
        <li
          key={option}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          data-testid="suggestion"
          // The field must not lose the focus: leaving it takes the text over.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => choose(option)}
        >
          {option}
        </li>
      ))}
    </ul>
  );
}
