import type { ReactNode } from 'react';

import { Button } from './button';

interface Props {
  /** What is done on confirmation; its error is told, and it is asked once at a time. */
  deed: { mutate: () => void; isPending: boolean; error: Error | null };
  onClose: () => void;
  /** The words of the way out: "Keep it running". */
  keep: string;
  /** The button that does it: an icon and a verb. */
  children: ReactNode;
  testId: string;
  danger?: boolean;
  /** What may be filled in beforehand. */
  fields?: ReactNode;
}

/** The body of a dialog that asks before something is done. */
export function ConfirmForm({ deed, onClose, keep, children, testId, danger, fields }: Props) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        deed.mutate();
      }}
    >
      {fields}
      <p className="field-error" role="alert">
        {deed.error?.message}
      </p>
      <div className="dialog-actions">
        <Button onClick={onClose}>{keep}</Button>
        <Button
          type="submit"
          variant={danger ? 'danger' : 'primary'}
          disabled={deed.isPending}
          data-testid={testId}
        >
          {children}
        </Button>
      </div>
    </form>
  );
}
