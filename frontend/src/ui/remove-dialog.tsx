import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Trash2, type LucideIcon } from 'lucide-react';

import { ConfirmForm } from './confirm-form';
import { Dialog } from './dialog';

interface Props {
  /** What is removed, by its name. */
  name: string;
  /** What becomes of it, and of what depends on it. */
  description: string;
  /** The words of the way out: "Keep them". */
  keep: string;
  icon?: LucideIcon;
  remove: () => Promise<unknown>;
  /** The query of the list that shows it. */
  list: { queryKey: readonly unknown[] };
  onClose: () => void;
}

/** Asks before something of a list is removed. */
export function RemoveDialog({ name, description, keep, icon: Icon = Trash2, ...props }: Props) {
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: props.remove,
    onSuccess: () => {
      props.onClose();
      void queries.invalidateQueries({ queryKey: props.list.queryKey });
    },
  });
  return (
    <Dialog open onClose={props.onClose} title={`Remove ${name}?`} description={description}>
      <ConfirmForm
        deed={{ ...removal, mutate: () => removal.mutate() }}
        onClose={props.onClose}
        keep={keep}
        testId="remove-submit"
        danger
      >
        <Icon />
        Remove
      </ConfirmForm>
    </Dialog>
  );
}
