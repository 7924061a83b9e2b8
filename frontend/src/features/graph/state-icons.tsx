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
  UserCheck,
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
  approval: UserCheck,
  dynamodb: Database,
  sqs: Mail,
  sns: BellRing,
  events: BellRing,
  s3: Layers,
  states: Workflow,
};

/** The key of a state's icon: its type, or for a Task what it reaches. */
export function iconName(state: State): string {
  if (state.Type !== 'Task') return state.Type && state.Type in BY_TYPE ? state.Type : 'Pass';
  const service = integrationOf(state.Resource ?? '')?.service ?? '';
  return service in BY_SERVICE ? service : 'service';
}

/** One icon for each state type and integration, the same everywhere. */
export function StateIcon({ state }: { state: State }) {
  const name = iconName(state);
  return createElement(BY_TYPE[name] ?? BY_SERVICE[name] ?? Cloud, {
    'aria-hidden': true,
    strokeWidth: 1.8,
  });
}
