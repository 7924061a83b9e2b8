import { useMutation, useQuery } from '@tanstack/react-query';

import { chooseWorkspace, sessionQuery } from '@/api/session';

/** Goes over to another workspace; whoever belongs to one only never sees it. */
export function WorkspaceChoice() {
  const { data } = useQuery(sessionQuery);
  const choice = useMutation({
    mutationFn: chooseWorkspace,
    // Nothing of this page is of the other workspace: all of it is loaded anew.
    onSuccess: () => window.location.assign('/'),
  });
  if (data === undefined || data.workspaces.length < 2) return null;
  return (
    <select
      className="workspace-choice"
      aria-label="Workspace"
      title={choice.isError ? choice.error.message : `Account ${data.accountId}`}
      value={choice.isPending ? choice.variables : data.accountId}
      disabled={choice.isPending}
      onChange={(event) => choice.mutate(event.target.value)}
      data-testid="workspace-choice"
    >
      {data.workspaces.map(({ accountId, name }) => (
        <option key={accountId} value={accountId}>
          {name}
        </option>
      ))}
    </select>
  );
}
