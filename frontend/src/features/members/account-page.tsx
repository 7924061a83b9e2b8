import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';

import { changePassword, sessionQuery } from '@/api/session';
import { useTitle } from '@/app/title';
import { Button } from '@/ui/button';
import { Skeleton, toast } from '@/ui/feedback';
import { TextField } from '@/ui/text-field';

import { MailChoices } from './mail-choices';
import { PURPOSE } from './roles';
import './members.css';

function PasswordForm() {
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const change = useMutation({
    mutationFn: () => changePassword(current, wanted),
    onSuccess: () => {
      setCurrent('');
      setWanted('');
      toast('info', 'The password is changed. Your other sessions have ended.');
    },
  });
  return (
    <form
      className="member-fields"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <TextField
        label="Current password"
        type="password"
        autoComplete="current-password"
        required
        value={current}
        onChange={setCurrent}
      />
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        required
        value={wanted}
        onChange={setWanted}
      />
      <p className="field-error" role="alert">
        {change.error?.message}
      </p>
      <div>
        <Button type="submit" disabled={change.isPending} data-testid="change-password">
          <KeyRound />
          Change password
        </Button>
      </div>
    </form>
  );
}

/** Oneself: what one may do here, and the password. */
export function AccountPage() {
  useTitle('My account');
  const { data: session } = useQuery(sessionQuery);
  return (
    <div className="page">
      <header className="page-top">
        <div>
          <h1>My account</h1>
          <p className="muted">{session ? session.username : <Skeleton width={120} />}</p>
        </div>
      </header>
      {session && (
        <section className="account-part">
          <h2>What you may do</h2>
          {session.role === null ? (
            <p data-testid="no-workspace">
              You belong to no workspace, so there is nothing to see yet. Ask an admin of the one
              you need.
            </p>
          ) : (
            <p>
              In <Link to="/members">{session.workspace}</Link> (account {session.accountId}) you
              are <strong data-testid="own-role">{session.role}</strong>. {PURPOSE[session.role]}
            </p>
          )}
          <p>
            Programs act as you with an <Link to="/access-keys">access key or a token</Link>.
          </p>
        </section>
      )}
      <section className="account-part">
        <h2>Mails</h2>
        <MailChoices />
      </section>
      <section className="account-part">
        <h2>Password</h2>
        {session?.hasPassword === false ? (
          <p data-testid="no-password">You have none here: you sign in elsewhere.</p>
        ) : (
          <PasswordForm />
        )}
      </section>
    </div>
  );
}
