import { X } from 'lucide-react';
import { memo, useRef, type PointerEvent } from 'react';

import type { GraphLayout } from '@/asl/layout/graph-layout';
import { IconButton } from '@/ui/button';

import { useBoxes } from './boxes';
import { useMinimapCorner } from './minimap-corner';
import { scaleOf, useMinimap } from './minimap-store';
import { useSheet, useSheetState } from './sheet';

/** The graph in small. It does not change while the view moves. */
const Drawing = memo(function Drawing({ layout }: { layout: GraphLayout }) {
  const boxes = useBoxes(layout);
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${layout.width} ${layout.height}`}>
      {boxes.map(({ kind, status, wrong, d }) => (
        <path
          key={`${kind} ${status} ${wrong}`}
          className={`minimap-${kind}`}
          data-status={wrong ? 'FAILED' : status}
          d={d}
        />
      ))}
    </svg>
  );
});

/** What of it is in view. It lies above the drawing, so that moving it paints nothing anew. */
function Frame({ scale }: { scale: number }) {
  const { x, y, zoom } = useSheetState((state) => state.view);
  const width = useSheetState((state) => state.width);
  const height = useSheetState((state) => state.height);
  const each = scale / zoom;
  return (
    <div
      className="minimap-view"
      style={{
        width: width * each,
        height: height * each,
        transform: `translate(${-x * each}px, ${-y * each}px)`,
      }}
    />
  );
}

function OpenMap({ layout, onHide }: { layout: GraphLayout; onHide: () => void }) {
  const sheet = useSheet();
  const element = useRef<HTMLDivElement>(null);
  const corner = useMinimapCorner(layout, element);
  const scale = useSheetState((size) => scaleOf(layout, size));
  const go = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLDivElement>) => {
    const box = currentTarget.getBoundingClientRect();
    const at = { x: (clientX - box.left) / scale, y: (clientY - box.top) / scale };
    sheet.centre(at, sheet.view.zoom);
  };
  return (
    <div className="minimap" ref={element} data-corner={corner} data-testid="minimap">
      <div
        className="minimap-sheet"
        style={{ width: layout.width * scale, height: layout.height * scale }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={(event) =>
          event.currentTarget.hasPointerCapture(event.pointerId) && go(event)
        }
      >
        <Drawing layout={layout} />
        <Frame scale={scale} />
      </div>
      <IconButton label="Hide the map of the graph" data-testid="minimap-hide" onClick={onHide}>
        <X />
      </IconButton>
    </div>
  );
}

/** The whole graph in a corner of the canvas, which can be folded away. */
export default function Minimap({ layout }: { layout: GraphLayout }) {
  const { open, toggle } = useMinimap();
  return open && <OpenMap layout={layout} onHide={toggle} />;
}
