import { useMutation } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { useState } from 'react';

import { testConnection, type Connection } from '@/api/triggers';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

const PURPOSES = { token: 'A token was asked for', request: 'A request was made' };

/** Tries a connection out, and tells how each request went, without anything secret. */
export function TestDialog({ of, onClose }: { of: Connection; onClose: () => void }) {
  const hasEndpoint = of.authorizationType === 'OAUTH_CLIENT_CREDENTIALS';
  const [url, setUrl] = useState('');
  const test = useMutation({ mutationFn: () => testConnection(of.name, url.trim()) });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Test ${of.name}`}
      description={
        hasEndpoint
          ? 'Asks its token endpoint for a token, and makes a GET request with it if you say where.'
          : 'Makes a GET request with its credentials, as a Task would.'
      }
    >
      <ConfirmForm
        deed={{ ...test, mutate: () => test.mutate() }}
        onClose={onClose}
        keep="Close"
        testId="connection-test"
        fields={
          <div className="trigger-fields">
            <label className="field">
              <span className="field-label">
                {hasEndpoint ? 'Address (https), if wanted' : 'Address (https)'}
              </span>
              <input
                className="input mono"
                type="url"
                value={url}
                required={!hasEndpoint}
                placeholder="https://api.example.com/me"
                maxLength={2048}
                autoComplete="off"
                onChange={(event) => {
                  setUrl(event.target.value);
                  test.reset();
                }}
              />
            </label>
            {test.data && (
              <ul className="connection-tried" role="status" data-testid="connection-tested">
                {test.data.requests.map((each) => (
                  <li key={each.purpose} data-good={each.problem === ''}>
                    {each.problem === '' ? <Check aria-hidden /> : <X aria-hidden />}
                    <span>
                      {PURPOSES[each.purpose]}: <code>{each.url}</code>
                      <span className="muted">
                        {' '}
                        {each.problem ||
                          (each.status === null ? 'It came' : `Status ${each.status}`)}
                        {' · '}
                        {each.milliseconds} ms
                      </span>
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </div>
        }
      >
        {test.isPending ? 'Testing…' : 'Test'}
      </ConfirmForm>
    </Dialog>
  );
}
