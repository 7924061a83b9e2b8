import { ListTree, Maximize, Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';

import { IconButton } from '@/ui/button';

import { useOutline } from './outline-store';

interface Props {
  onZoom: (way: 'in' | 'out') => void;
  onFit: () => void;
  /** The page's own buttons, before and after the outline's. */
  before?: ReactNode;
  after?: ReactNode;
}

/** The buttons in the corner of a canvas. */
export function ZoomTools({ onZoom, onFit, before, after }: Props) {
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
    </div>
  );
}
