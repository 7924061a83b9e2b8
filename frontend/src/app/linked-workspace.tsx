import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { Building2 } from 'lucide-react';
import type { ReactNode } from 'react';

import { chooseWorkspace, sessionQuery } from '@/api/session';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/feedback';

import { accountIn, isSamePath, PARAMETER } from './linked-account';
import { useTitle } from './title';

/** Links of mails and webhooks name the workspace that they lead into; this is the one we came by. */
const linked = accountIn(window.location);

/** Shows a page, unless a link has led to it that is of another workspace than the session's. */
export function OfLinkedWorkspace({ children }: { children: ReactNode }) {
  const { data: session } = useQuery(sessionQuery);
  const pathname = useLocation({ select: (location) => location.pathname });
  if (linked === null || !isSamePath(linked.pathname, pathname)) return children;
  // What is asked before that is known would be asked in the wrong one.
  if (session === undefined) return null;
  if (session.workspace !== null && session.accountId === linked.accountId) return children;
  const workspace = session.workspaces.find(({ accountId }) => accountId === linked.accountId);
  return (
    <Elsewhere
      accountId={linked.accountId}
      name={workspace?.name ?? null}
      here={session.workspace}
    />
  );
}

interface Props {
  accountId: string;
  /** The name of the workspace that the link is of; null: this person does not belong to it. */
  name: string | null;
  here: string | null;
}

function Elsewhere({ accountId, name, here }: Props) {
  useTitle('Another workspace');
  const choice = useMutation({
    mutationFn: () => chooseWorkspace(accountId),
    onSuccess: () => {
      const address = new URL(window.location.href);
      address.searchParams.delete(PARAMETER);
      window.location.assign(address);
    },
  });
  if (name === null) {
    return (
      <Page title="This link leads into a workspace that is not yours">
        <p>
          It is of account {accountId}, which you do not belong to, or not any more. One of its
          admins can add you to its members.
        </p>
      </Page>
    );
  }
  return (
    <Page title={`This link leads into ${name}`}>
      <p>
        You are in {here}. All windows of your session go over to {name}, account {accountId}.
      </p>
      <p className="field-error" role="alert">
        {choice.error?.message}
      </p>
      <Button
        variant="primary"
        onClick={() => choice.mutate()}
        disabled={choice.isPending}
        data-testid="go-over"
      >
        Go over to {name}
      </Button>
    </Page>
  );
}

function Page({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <h1 className="visually-hidden">Another workspace</h1>
      <EmptyState icon={Building2} title={title}>
        {children}
      </EmptyState>
    </>
  );
}
