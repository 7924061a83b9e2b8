import { useQuery } from '@tanstack/react-query';
import { lazily } from './lazily';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import {
  Building2,
  ChevronRight,
  GitPullRequest,
  History,
  Inbox,
  Keyboard,
  KeyRound,
  LogOut,
  Monitor,
  Moon,
  Plug,
  ScrollText,
  ShieldCheck,
  Sun,
  Users,
} from 'lucide-react';
import { Suspense } from 'react';

import { approvalCountsQuery } from '@/api/approvals';
import { sessionQuery } from '@/api/session';
import { NotificationsBell } from '@/features/reviews/notifications-bell';
import { IconButton } from '@/ui/button';

import { OfLinkedWorkspace } from './linked-workspace';
import { Logo } from './logo';
import { useShortcutHelp } from './shortcuts';
import { useTheme, type Theme } from './theme';
import { WorkspaceChoice } from './workspace-choice';
import './shell.css';

const ShortcutHelp = lazily(() => import('./shortcut-help'));

const THEMES: [Theme, string, typeof Sun][] = [
  ['light', 'Light theme', Sun],
  ['system', 'Theme of the system', Monitor],
  ['dark', 'Dark theme', Moon],
];

function ThemeSwitch() {
  const { theme, choose } = useTheme();
  return (
    <div className="theme-switch" role="group" aria-label="Theme">
      {THEMES.map(([value, label, Icon]) => (
        <IconButton
          key={value}
          label={label}
          aria-pressed={theme === value}
          onClick={() => choose(value)}
        >
          <Icon />
        </IconButton>
      ))}
    </div>
  );
}

function Breadcrumbs() {
  const params: { machine?: string; name?: string } = useParams({ strict: false });
  const machine = params.machine ?? params.name;
  const execution = params.machine === undefined ? undefined : params.name;
  return (
    <nav className="breadcrumbs" aria-label="You are here">
      <Link to="/" activeOptions={{ exact: true }}>
        State machines
      </Link>
      {machine !== undefined && (
        <>
          <ChevronRight aria-hidden="true" />
          <Link to="/state-machines/$name" params={{ name: machine }} className="ellipsis">
            {machine}
          </Link>
        </>
      )}
      {execution !== undefined && (
        <>
          <ChevronRight aria-hidden="true" />
          <span className="ellipsis mono" aria-current="page" title={execution}>
            {execution}
          </span>
        </>
      )}
    </nav>
  );
}

/** The way to the inbox, with how many questions wait for this person. */
function ApprovalsLink() {
  const { data } = useQuery(approvalCountsQuery);
  const mine = data?.mine ?? 0;
  return (
    <Link
      to="/approvals"
      className="topbar-link"
      data-testid="approvals-link"
      data-count={data?.mine}
      title={mine > 0 ? `${mine} wait for your decision` : undefined}
    >
      <Inbox aria-hidden="true" />
      Approvals
      {mine > 0 && <span className="topbar-count">{mine > 99 ? '99+' : mine}</span>}
    </Link>
  );
}

function Account() {
  const { data } = useQuery(sessionQuery);
  const token = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
  return (
    <form className="account" method="post" action="/sign-out/">
      <input type="hidden" name="csrfmiddlewaretoken" value={token} />
      {data && (
        <Link
          to="/account"
          className="topbar-link"
          title={`${data.role ?? 'No role'} in account ${data.accountId}, ${data.region}`}
          data-testid="account-link"
        >
          {data.username}
        </Link>
      )}
      <Link
        to="/execution-roles"
        className="icon-button"
        aria-label="Execution roles"
        title="Execution roles"
        data-testid="execution-roles-link"
      >
        <ShieldCheck />
      </Link>
      <Link
        to="/workspaces"
        className="icon-button"
        aria-label="Workspaces"
        title="Workspaces"
        data-testid="workspaces-link"
      >
        <Building2 />
      </Link>
      <Link
        to="/members"
        className="icon-button"
        aria-label="Members"
        title="Members"
        data-testid="members-link"
      >
        <Users />
      </Link>
      <Link
        to="/connections"
        className="icon-button"
        aria-label="Connections"
        title="Connections"
        data-testid="connections-link"
      >
        <Plug />
      </Link>
      <Link
        to="/access-keys"
        className="icon-button"
        aria-label="Access keys and tokens"
        title="Access keys and tokens"
        data-testid="access-keys-link"
      >
        <KeyRound />
      </Link>
      {data?.permissions.includes('administer') && (
        <Link
          to="/audit"
          className="icon-button"
          aria-label="Audit trail"
          title="Audit trail"
          data-testid="audit-link"
        >
          <ScrollText />
        </Link>
      )}
      <IconButton label="Sign out" type="submit">
        <LogOut />
      </IconButton>
    </form>
  );
}

/** The frame around every page. */
export function Shell() {
  const help = useShortcutHelp();
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <header className="topbar">
        <Link to="/" className="brand" aria-label="Stepwell, all state machines">
          <Logo />
          <span>Stepwell</span>
        </Link>
        <WorkspaceChoice />
        <Breadcrumbs />
        <div className="topbar-end">
          <Link to="/executions" className="topbar-link" data-testid="executions-link">
            <History aria-hidden="true" />
            Executions
          </Link>
          <ApprovalsLink />
          <Link to="/proposals" className="topbar-link" data-testid="reviews-link">
            <GitPullRequest aria-hidden="true" />
            Reviews
          </Link>
          <NotificationsBell />
          <ThemeSwitch />
          <IconButton
            label="Keyboard shortcuts (?)"
            className="topbar-shortcuts"
            onClick={help.show}
          >
            <Keyboard />
          </IconButton>
          <Account />
        </div>
      </header>
      <main id="main" className="main" tabIndex={-1}>
        <OfLinkedWorkspace>
          <Outlet />
        </OfLinkedWorkspace>
      </main>
      {help.open && (
        <Suspense>
          <ShortcutHelp open onClose={help.hide} />
        </Suspense>
      )}
    </div>
  );
}
