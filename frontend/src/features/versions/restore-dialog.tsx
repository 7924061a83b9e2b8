import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import type { Draft } from '@/api/definitions';
import type { Revision } from '@/api/state-machines';
import { restoreRevision } from '@/api/reviews';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/feedback';
import { TextField } from '@/ui/text-field';

interface Props {
  name: string;
  revision: Revision;
  current: Revision | undefined;
  draft: Draft | null;
  /** Whether it is still being looked for. */
  draftIsUnknown: boolean;
  onClose: () => void;
}

/** An older revision becomes the current one again, or one's draft. */
export function RestoreDialog(props: Props) {
  const { name, revision, current, draft, draftIsUnknown, onClose } = props;
  const client = useQueryClient();
  const [to, setTo] = useState<'DRAFT' | 'REVISION'>('DRAFT');
  const [description, setDescription] = useState('');
  const restore = useMutation({
    mutationFn: () =>
      restoreRevision(name, revision.revisionId, {
        to,
        description,
        publish: to === 'REVISION',
        follows: draft?.sequence ?? 0,
        ...(current && { baseRevisionId: current.revisionId }),
      }),
    onSuccess: async () => {
      toast('info', to === 'DRAFT' ? 'Your draft is it now.' : 'New executions run it again.');
      await Promise.all(
        ['revisions', 'draft', 'state-machine', 'comparison'].map((what) =>
          client.invalidateQueries({ queryKey: [what, name] }),
        ),
      );
      onClose();
    },
  });
  const which = revision.version === null ? 'this revision' : `version ${revision.version}`;
  return (
    <Dialog open onClose={onClose} title={`Restore ${which}`}>
      <ConfirmForm
        deed={{ ...restore, isPending: restore.isPending || draftIsUnknown }}
        onClose={onClose}
        keep="Leave it"
        testId="restore-submit"
        fields={
          <fieldset className="restore-to">
            <legend className="visually-hidden">Where to</legend>
            <label>
              <input type="radio" checked={to === 'DRAFT'} onChange={() => setTo('DRAFT')} />
              Into my draft{draft !== null && ', in place of what it has'}
            </label>
            <label>
              <input
                type="radio"
                checked={to === 'REVISION'}
                data-testid="restore-now"
                onChange={() => setTo('REVISION')}
              />
              As a new version that new executions run at once
            </label>
            {to === 'REVISION' && (
              <TextField
                label="Why"
                maxLength={256}
                value={description}
                placeholder={`Restores ${which}`}
                onChange={setDescription}
              />
            )}
          </fieldset>
        }
      >
        Restore
      </ConfirmForm>
    </Dialog>
  );
}
