import { useId, useState } from 'react';

import { Button } from '@/ui/button';

interface Props {
  label: string;
  submit: string;
  pending: boolean;
  /** The value that a suggestion is to replace, as JSON text; null where none can be made. */
  value: string | null;
  onSubmit: (text: string, suggestion: string | undefined, reset: () => void) => void;
  onCancel?: () => void;
}

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Something to say, with another value for the place where one can be suggested. */
export function CommentForm({ label, submit, pending, value, onSubmit, ...props }: Props) {
  const [text, setText] = useState('');
  const [suggestion, setSuggestion] = useState<string | null>(null);
  const id = useId();
  const wrong = suggestion !== null && !isJson(suggestion);
  const empty = text.trim() === '' && suggestion === null;
  return (
    <form
      className="comment-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (empty || wrong || pending) return;
        onSubmit(text, suggestion ?? undefined, () => {
          setText('');
          setSuggestion(null);
        });
      }}
    >
      <textarea
        className="input comment-text"
        aria-label={label}
        placeholder={label}
        value={text}
        rows={2}
        data-testid="comment-text"
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }
        }}
      />
      {suggestion !== null && (
        <>
          <label htmlFor={id} className="field-label">
            Suggested value <small>JSON</small>
          </label>
          <textarea
            id={id}
            className="input"
            value={suggestion}
            rows={Math.min(suggestion.split('\n').length + 1, 12)}
            aria-invalid={wrong}
            data-testid="suggestion-text"
            onChange={({ target }) => setSuggestion(target.value)}
          />
          {wrong && <p className="field-error">This is not JSON.</p>}
        </>
      )}
      <div className="comment-buttons">
        {value !== null && suggestion === null && (
          <Button
            size="small"
            variant="ghost"
            data-testid="suggest"
            onClick={() => setSuggestion(value)}
          >
            Suggest a value
          </Button>
        )}
        {props.onCancel && (
          <Button size="small" variant="ghost" onClick={props.onCancel}>
            Cancel
          </Button>
        )}
        <Button
          size="small"
          type="submit"
          disabled={empty || wrong || pending}
          data-testid="comment-submit"
        >
          {submit}
        </Button>
      </div>
    </form>
  );
}
