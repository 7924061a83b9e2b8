import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';

import type { Draft, Revision } from '@/api/client';
import { restoreRevision } from '@/api/reviews';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/feedback';

interface Props {
  name: string;
  revision: Revision;
  current: Revision | undefined;
  draft: Draft | null;
  onClose: () => void;
}

/** An older revision becomes the current one again, or one's draft. */
export function RestoreDialog({ name, revision, current, draft, onClose }: Props) {
  const client = useQueryClient();
  const [to, setTo] = useState<'DRAFT' | 'REVISION'>('DRAFT');
  const [description, setDescription] = useState('');
  const id = useId();
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
        deed={restore}
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
              <>
                <label className="field-label" htmlFor={id}>
                  Why
                </label>
                <input
                  id={id}
                  className="input"
                  maxLength={256}
                  value={description}
                  placeholder={`Restores ${which}`}
                  onChange={({ target }) => setDescription(target.value)}
                />
              </>
            )}
          </fieldset>
        }
      >
        Restore
      </ConfirmForm>
    </Dialog>
  );
}
