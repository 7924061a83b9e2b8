import {
  ArrowRight,
  BellRing,
  Cloud,
  Clock,
  Columns3,
  Database,
  Layers,
  Mail,
  OctagonX,
  Repeat2,
  Split,
  SquareCheckBig,
  SquareFunction,
  UserRound,
  Workflow,
  type LucideIcon,
} from 'lucide-react';
import { createElement } from 'react';

import type { State } from '@/asl/definition';
import { integrationOf } from '@/asl/summaries';

const BY_TYPE: Record<string, LucideIcon> = {
  Pass: ArrowRight,
  Choice: Split,
  Wait: Clock,
  Succeed: SquareCheckBig,
  Fail: OctagonX,
  Parallel: Columns3,
  Map: Repeat2,
};

const BY_SERVICE: Record<string, LucideIcon> = {
  lambda: SquareFunction,
  activity: UserRound,
  dynamodb: Database,
  sqs: Mail,
  sns: BellRing,
  events: BellRing,
  s3: Layers,
  states: Workflow,
};

function iconOf(state: State): LucideIcon {
  if (state.Type !== 'Task') return BY_TYPE[state.Type ?? ''] ?? ArrowRight;
  return BY_SERVICE[integrationOf(state.Resource ?? '')?.service ?? ''] ?? Cloud;
}

/** One icon for each state type and integration, the same everywhere. */
export function StateIcon({ state }: { state: State }) {
  return createElement(iconOf(state), { 'aria-hidden': true });
}
