import { useMutation } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { TextField } from '@/ui/text-field';

interface Props {
  /** The webhook that is changed; null: a new one. */
  of: { url: string } | null;
  /** What its calls tell. */
  about: string;
  save: (url: string) => Promise<unknown>;
  testId: string;
  onClose: () => void;
  /** Fields beside the address. */
  children?: ReactNode;
}

/** A new webhook, or another address of one. */
export function WebhookDialog({ of, about, save, testId, onClose, children }: Props) {
  const [url, setUrl] = useState(of?.url ?? '');
  const saving = useMutation({ mutationFn: () => save(url.trim()), onSuccess: onClose });
  return (
    <Dialog
      open
      onClose={onClose}
      title={of === null ? 'New webhook' : 'The webhook'}
      description={of === null ? `${about} Calls are signed.` : `${about} Its secret stays.`}
    >
      <ConfirmForm
        deed={{ ...saving, mutate: () => saving.mutate() }}
        onClose={onClose}
        keep="Cancel"
        testId={testId}
        fields={
          <div className="trigger-fields">
            <TextField
              label="Address"
              type="url"
              required
              maxLength={2048}
              placeholder="https://example.org/hooks"
              autoComplete="off"
              value={url}
              onChange={setUrl}
            />
            {children}
          </div>
        }
      >
        <Send />
        {of === null ? 'Make webhook' : 'Save webhook'}
      </ConfirmForm>
    </Dialog>
  );
}
