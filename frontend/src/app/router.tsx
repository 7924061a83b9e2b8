import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';

import { executionQuery, firstEventsQuery } from '@/api/executions';
import { queries } from '@/api/query-client';

import {
  readApprovalsSearch,
  readAuditSearch,
  readExecutionSearch,
  readExecutionsSearch,
  readMachineSearch,
  readMachinesSearch,
  readMapRunSearch,
  readNewSearch,
  readProposalSearch,
  readReviewsSearch,
  readVersionsSearch,
  readWhatIfSearch,
} from './search';
import { NotFound, PageFailed } from './failures';
import { Shell } from './shell';

/** What could not be fetched ahead is fetched again by the page, which says so. */
const pageTells = () => undefined;

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const machinesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: readMachinesSearch,
  component: lazyRouteComponent(
    () => import('@/features/executions/machines-page'),
    'MachinesPage',
  ),
});

const machinesAliasRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/state-machines',
  beforeLoad: () => {
    throw redirect({ to: '/' });
  },
});

const machineRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/state-machines/$name',
  validateSearch: readMachineSearch,
  component: lazyRouteComponent(() => import('@/features/executions/machine-page'), 'MachinePage'),
});

const designerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/state-machines/$name/edit',
  component: lazyRouteComponent(() => import('@/features/designer/designer-page'), 'DesignerPage'),
});

const versionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/state-machines/$name/versions',
  validateSearch: readVersionsSearch,
  component: lazyRouteComponent(() => import('@/features/versions/versions-page'), 'VersionsPage'),
});

const triggersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/state-machines/$name/triggers',
  component: lazyRouteComponent(() => import('@/features/triggers/triggers-page'), 'TriggersPage'),
});

const webhooksRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/state-machines/$name/webhooks',
  component: lazyRouteComponent(() => import('@/features/reviews/webhooks-page'), 'WebhooksPage'),
});

const connectionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/connections',
  component: lazyRouteComponent(
    () => import('@/features/connections/connections-page'),
    'ConnectionsPage',
  ),
});

const reviewsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/proposals',
  validateSearch: readReviewsSearch,
  component: lazyRouteComponent(() => import('@/features/reviews/reviews-page'), 'ReviewsPage'),
});

const proposalRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/state-machines/$name/proposals/$number',
  validateSearch: readProposalSearch,
  component: lazyRouteComponent(() => import('@/features/reviews/proposal-page'), 'ProposalPage'),
});

const whatIfRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/state-machines/$name/what-if',
  validateSearch: readWhatIfSearch,
  component: lazyRouteComponent(() => import('@/features/what-if/what-if-page'), 'WhatIfPage'),
});

const newRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/new',
  validateSearch: readNewSearch,
  component: lazyRouteComponent(() => import('@/features/designer/gallery/new-page'), 'NewPage'),
});

const executionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/executions',
  validateSearch: readExecutionsSearch,
  component: lazyRouteComponent(
    () => import('@/features/executions/list/executions-page'),
    'ExecutionsPage',
  ),
});

const executionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/executions/$machine/$name',
  validateSearch: readExecutionSearch,
  // Asked for while the page's own code is on its way; a pointer that passes over a link asks for
  // the code alone.
  loader: ({ params, cause }) => {
    if (cause !== 'enter') return;
    void queries.query(executionQuery(params)).catch(pageTells);
    void queries.query(firstEventsQuery(params)).catch(pageTells);
  },
  shouldReload: false,
  component: lazyRouteComponent(async () => {
    const page = await import('@/features/executions/execution-page');
    await page.pageReady;
    return page;
  }, 'ExecutionPage'),
});

const mapRunRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/map-runs/$machine/$label/$run',
  validateSearch: readMapRunSearch,
  component: lazyRouteComponent(() => import('@/features/map-runs/map-run-page'), 'MapRunPage'),
});

const approvalsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/approvals',
  validateSearch: readApprovalsSearch,
  component: lazyRouteComponent(
    () => import('@/features/approvals/approvals-page'),
    'ApprovalsPage',
  ),
});

const accessKeysRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/access-keys',
  component: lazyRouteComponent(
    () => import('@/features/access-keys/access-keys-page'),
    'AccessKeysPage',
  ),
});

const membersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/members',
  component: lazyRouteComponent(() => import('@/features/members/members-page'), 'MembersPage'),
});

const workspacesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/workspaces',
  component: lazyRouteComponent(
    () => import('@/features/workspaces/workspaces-page'),
    'WorkspacesPage',
  ),
});

const executionRolesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/execution-roles',
  component: lazyRouteComponent(() => import('@/features/roles/roles-page'), 'RolesPage'),
});

const accountRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('@/features/members/account-page'), 'AccountPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('@/features/audit/audit-page'), 'AuditPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    machinesRoute,
    machinesAliasRoute,
    machineRoute,
    designerRoute,
    versionsRoute,
    triggersRoute,
    webhooksRoute,
    connectionsRoute,
    reviewsRoute,
    proposalRoute,
    whatIfRoute,
    newRoute,
    executionsRoute,
    executionRoute,
    mapRunRoute,
    approvalsRoute,
    accessKeysRoute,
    executionRolesRoute,
    membersRoute,
    workspacesRoute,
    accountRoute,
    auditRoute,
  ]),
  defaultErrorComponent: PageFailed,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
