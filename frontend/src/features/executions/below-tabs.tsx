import { ChartGantt, List, Table2 } from 'lucide-react';

import type { Below } from '@/app/search';

const TABS: [Below | null, string, typeof List][] = [
  [null, 'Events', List],
  ['timeline', 'Timeline', ChartGantt],
  ['table', 'Table', Table2],
];

/** Which list stands below the graph: events, bars in time, or the tree of what ran. */
export function BelowTabs({
  shown,
  onShow,
}: {
  shown: Below | null;
  onShow: (next: Below | null) => void;
}) {
  return (
    <div className="segments below-tabs" role="group" aria-label="Below the graph">
      {TABS.map(([value, title, Icon]) => (
        <button
          key={title}
          type="button"
          aria-pressed={shown === value}
          data-testid={`below-${value ?? 'events'}`}
          onClick={() => onShow(value)}
        >
          <Icon aria-hidden="true" />
          {title}
        </button>
      ))}
    </div>
  );
}
