import { Link } from '@tanstack/react-router';

import { useEditor } from '../editor-store';
import { isBlank } from '../drafts/blank';

/** What to do first, around the place of the first state. */
export function Greeting() {
  const empty = useEditor(
    ({ document }) => document.broken === null && isBlank(document.definition),
  );
  if (!empty) return null;
  return (
    <div className="greeting" data-testid="greeting">
      <div className="greeting-above">
        <h2>Begin with the first state</h2>
        <p>Drag one here from the left, or choose it from the list.</p>
      </div>
      <ol className="greeting-below">
        <li>
          <kbd>A</kbd> adds the next state after the one that is selected
        </li>
        <li>
          <b>Create</b> keeps the workflow, <b>Start</b> runs it
        </li>
        <li>
          or begin with <Link to="/new">one of the templates</Link>
        </li>
      </ol>
    </div>
  );
}
