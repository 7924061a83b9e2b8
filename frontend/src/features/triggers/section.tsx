import { useMutation, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';

import { PageFailed } from '@/app/failures';
import { Button } from '@/ui/button';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { Skeleton, toast } from '@/ui/feedback';

interface SectionProps<T> {
  title: string;
  about: string;
  query: UseQueryResult<T[]>;
  none: string;
  /** The words of the button that makes one; none: nothing is made here. */
  add?: string;
  /** Why nothing may be changed; null: it may. */
  locked?: string | null;
  onAdd?: () => void;
  row: (each: T) => ReactNode;
  testId: string;
}

/** One kind of trigger: what there is, and a way to make one. */
export function Section<T>(props: SectionProps<T>) {
  const { title, about, query, none, add, locked = null, onAdd, row, testId } = props;
  const heading = useId();
  return (
    <section className="trigger-section" aria-labelledby={heading} data-testid={testId}>
      <header className="trigger-head">
        <div>
          <h2 id={heading}>{title}</h2>
          <p className="muted">{about}</p>
        </div>
        {add !== undefined && (
          <Button
            size="small"
            onClick={onAdd}
            disabled={locked !== null}
            title={locked ?? undefined}
            data-testid={`add-${testId}`}
          >
            <Plus />
            {add}
          </Button>
        )}
      </header>
      {query.isError && query.data === undefined ? (
        <PageFailed error={query.error} reset={() => void query.refetch()} />
      ) : query.isPending ? (
        <div className="trigger-list trigger-none" aria-busy="true" data-testid="loading">
          <Skeleton width="60%" />
        </div>
      ) : query.data.length === 0 ? (
        <p className="trigger-list trigger-none">{none}</p>
      ) : (
        <ul className="trigger-list">{query.data.map(row)}</ul>
      )}
    </section>
  );
}

interface ToolsProps {
  /** What it is called: "the rule large-orders". */
  what: string;
  /** The key of the list that shows it. */
  list: readonly unknown[];
  enabled: boolean;
  locked: string | null;
  onEdit?: () => void;
  enable: (enabled: boolean) => Promise<unknown>;
  remove: () => Promise<unknown>;
  /** What becomes of it, said before it is removed. */
  warning: string;
  children?: ReactNode;
}

/** Editing a trigger, turning it off and on, and removing it, asked first. */
export function Tools(props: ToolsProps) {
  const { what, list, enabled, locked, onEdit, enable, remove, warning, children } = props;
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const again = () => queries.invalidateQueries({ queryKey: list });
  const change = useMutation({
    mutationFn: enable,
    onSettled: again,
    onError: (error) => toast('error', error.message),
  });
  const removal = useMutation({
    mutationFn: remove,
    onSuccess: () => {
      setAsking(false);
      void again();
    },
  });
  return (
    <span className="trigger-tools">
      {children}
      {onEdit && (
        <Button
          size="small"
          onClick={onEdit}
          disabled={locked !== null}
          title={locked ?? undefined}
          aria-label={`Edit ${what}`}
        >
          Edit…
        </Button>
      )}
      <Button
        size="small"
        onClick={() => change.mutate(!enabled)}
        disabled={locked !== null || change.isPending}
        title={locked ?? undefined}
        aria-label={`${enabled ? 'Turn off' : 'Turn on'} ${what}`}
      >
        {enabled ? 'Turn off' : 'Turn on'}
      </Button>
      <Button
        size="small"
        onClick={() => setAsking(true)}
        disabled={locked !== null}
        title={locked ?? undefined}
        aria-label={`Remove ${what}`}
      >
        Remove…
      </Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Remove ${what}?`}
        description={warning}
      >
        <ConfirmForm
          deed={{ ...removal, mutate: () => removal.mutate() }}
          onClose={() => setAsking(false)}
          keep="Keep it"
          testId="remove-submit"
          danger
        >
          Remove
        </ConfirmForm>
      </Dialog>
    </span>
  );
}
