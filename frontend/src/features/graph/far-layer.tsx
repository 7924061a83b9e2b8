import type { GraphLayout } from '@/asl/layout/graph-layout';

import { useBoxes } from './boxes';
import { useGraph } from './graph-store';
import './far-layer.css';

/**
 * What is to be seen of the states from very far, in one drawing. Their cards stay where they are,
 * to be found, pressed and read aloud, and paint nothing: a thousand elements that each paint two
 * pixels take most of a frame.
 */
export default function FarLayer({ layout }: { layout: GraphLayout }) {
  const boxes = useBoxes(layout);
  const live = useGraph((graph) => graph.live);
  return (
    <svg className="far-layer" aria-hidden="true">
      {boxes.map(({ kind, status, wrong, d }) => (
        <path
          key={`${kind} ${status} ${wrong}`}
          className="far-box"
          data-kind={kind}
          data-status={live ? status : wrong ? 'FAILED' : undefined}
          d={d}
        />
      ))}
    </svg>
  );
}
