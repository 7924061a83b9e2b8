/** What the table and the timeline are given alike. */

import type { ReactNode } from 'react';

import type { State } from '@/asl/definition';
import type { ExecutionModel, Visit } from '@/history/model';

export interface WhatRanProps {
  model: ExecutionModel;
  /** The visit that is selected on the page (a place in the model's list), or -1. */
  selected: number;
  stateOf: (name: string) => State | undefined;
  /** The switch between the lists below the graph. */
  tabs: ReactNode;
  onVisit: (visit: Visit) => void;
  onItem: (map: Visit, index: number) => void;
  onInspect: () => void;
}
