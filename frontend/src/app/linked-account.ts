/** What the address of a link says about the workspace that it leads into. */

/** The server writes it: `address_of` in studio/actions/proposals/notifications.py. */
export const PARAMETER = 'workspace';

const ACCOUNT_ID = /^[0-9]{12}$/;

export interface LinkedAccount {
  pathname: string;
  accountId: string;
}

/** The account that an address is of; null: it names none. */
export function accountIn(address: { pathname: string; search: string }): LinkedAccount | null {
  const accountId = new URLSearchParams(address.search).get(PARAMETER);
  if (accountId === null || !ACCOUNT_ID.test(accountId)) return null;
  return { pathname: address.pathname, accountId };
}

/** Whether two paths are one, however their characters are escaped. */
export function isSamePath(one: string, other: string): boolean {
  return unescaped(one) === unescaped(other);
}

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
