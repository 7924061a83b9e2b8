import { ListTree, Map as MapIcon, Maximize, Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';

import { IconButton } from '@/ui/button';

import { useMinimap } from './minimap-store';
import { useOutline } from './outline-store';

interface Props {
  onZoom: (way: 'in' | 'out') => void;
  onFit: () => void;
  /** Some of the graph lies outside the view: there is a map of it to show. */
  partly: boolean;
  /** The page's own buttons, before and after the outline's. */
  before?: ReactNode;
  after?: ReactNode;
}

/** The buttons in the strip beside a canvas: they cover nothing of it. */
export function ZoomTools({ onZoom, onFit, partly, before, after }: Props) {
  const map = useMinimap();
  const { open, toggle } = useOutline();
  return (
    <div className="graph-tools">
      {before}
      <IconButton label="Outline of the states (o)" aria-pressed={open} onClick={toggle}>
        <ListTree />
      </IconButton>
      {after}
      <IconButton label="Zoom in (+)" onClick={() => onZoom('in')}>
        <Plus />
      </IconButton>
      <IconButton label="Zoom out (−)" onClick={() => onZoom('out')}>
        <Minus />
      </IconButton>
      <IconButton label="Fit into view (0)" onClick={onFit}>
        <Maximize />
      </IconButton>
      {partly && (
        <IconButton
          label="Map of the graph"
          aria-pressed={map.open}
          data-testid="minimap-toggle"
          onClick={map.toggle}
        >
          <MapIcon />
        </IconButton>
      )}
    </div>
  );
}
