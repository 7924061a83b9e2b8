import { ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react';
import { lazily } from '@/app/lazily';
import { Suspense, useMemo, useState } from 'react';

import { BY_URGENCY, type StateStatus } from '@/history/model';
import { iterationCounts, type StateView } from '@/history/view';
import { statusWord } from '@/ui/status';

import { useGraph } from './graph-store';
import { itemRows } from './item-groups';

const ItemPicker = lazily(() => import('./item-picker'));

/** More items than this are searched for rather than looked through. */
const LISTED = 100;

/** A bar whose parts are as long as there are iterations of each status. */
export function CountsBar({ view }: { view: StateView }) {
  const { counts, waiting } = iterationCounts(view);
  const parts = BY_URGENCY.flatMap((status): [StateStatus | 'NOT_REACHED', number][] =>
    counts[status] ? [[status, counts[status]]] : [],
  );
  if (waiting > 0) parts.push(['NOT_REACHED', waiting]);
  const words = parts.map(([status, count]) =>
    status === 'NOT_REACHED' ? `${count} waiting` : `${count} ${statusWord(status).toLowerCase()}`,
  );
  return (
    <span className="counts-bar" role="img" aria-label={words.join(', ')} title={words.join(', ')}>
      {parts.map(([status, count]) => (
        <span key={status} data-status={status} data-count={count} style={{ flexGrow: count }} />
      ))}
    </span>
  );
}

interface StepperProps {
  name: string;
  view: StateView;
  /** The graph is one tab stop: inside it the stepper answers to the pointer only. */
  focusable: boolean;
}

interface ItemsProps {
  name: string;
  view: StateView;
  picked: number | undefined;
  pick: (index: number | null) => void;
  tabIndex: number;
}

const allItems = (view: StateView) =>
  `All ${Math.max(view.length, view.iterations.length).toLocaleString('en')} items`;

/** Few items: the browser's own list, by status. */
function ItemSelect({ name, view, picked, pick, tabIndex }: ItemsProps) {
  const rows = useMemo(() => itemRows(view.iterations), [view]);
  return (
    <select
      tabIndex={tabIndex}
      aria-label={`Item of ${name}`}
      value={picked ?? ''}
      onChange={({ target }) => pick(target.value === '' ? null : Number(target.value))}
    >
      <option value="">{allItems(view)}</option>
      {rows.map((row) =>
        row.kind === 'heading' ? null : (
          <option key={row.index} value={row.index}>
            Item {row.index} · {statusWord(row.status).toLowerCase()}
          </option>
        ),
      )}
    </select>
  );
}

/** Many items: a list of its own, to be searched. */
function ItemButton({ name, view, picked, pick, tabIndex }: ItemsProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="stepper-choose"
        tabIndex={tabIndex}
        aria-haspopup="dialog"
        aria-label={`Item of ${name}`}
        data-testid="map-iteration-choose"
        data-item={picked}
        onClick={() => setOpen(true)}
      >
        {picked === undefined ? allItems(view) : `Item ${picked}`}
        <ChevronDown />
      </button>
      {open && (
        <Suspense>
          <ItemPicker
            {...{ name, view, picked, pick }}
            all={allItems(view)}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}

/** Picks one iteration of a Map, or all of them together. */
export function IterationStepper({ name, view, focusable }: StepperProps) {
  const picked = useGraph((graph) => graph.picks[name]);
  const pick = useGraph((graph) => graph.pick);
  const { iterations } = view;
  const at = iterations.findIndex(({ index }) => index === picked);
  const go = (place: number) => pick(name, iterations[place]?.index ?? null);
  const tabIndex = focusable ? 0 : -1;
  return (
    <span className="stepper" data-testid="map-iteration-picker">
      <button
        type="button"
        tabIndex={tabIndex}
        aria-label={`Previous item of ${name}`}
        disabled={picked === undefined}
        onClick={() => go(at - 1)}
      >
        <ChevronLeft />
      </button>
      {iterations.length > LISTED ? (
        <ItemButton {...{ name, view, picked, tabIndex }} pick={(index) => pick(name, index)} />
      ) : (
        <ItemSelect {...{ name, view, picked, tabIndex }} pick={(index) => pick(name, index)} />
      )}
      <button
        type="button"
        tabIndex={tabIndex}
        aria-label={`Next item of ${name}`}
        disabled={at + 1 >= iterations.length}
        onClick={() => go(at + 1)}
      >
        <ChevronRight />
      </button>
    </span>
  );
}

/** The second row of a Map's header. The items of a distributed one run in executions of their own. */
export function MapIterations({
  name,
  view,
  isDistributed,
}: {
  name: string;
  view: StateView | undefined;
  isDistributed: boolean;
}) {
  const live = useGraph((graph) => graph.live);
  if (!live) return <div className="map-iterations muted">one run for each item</div>;
  if (isDistributed) {
    return <div className="map-iterations muted">its items run in executions of their own</div>;
  }
  if (!view || Math.max(view.length, view.iterations.length) === 0) {
    return (
      <div className="map-iterations muted" data-testid="map-iterations" data-total={0}>
        {view ? 'no items' : 'no items yet'}
      </div>
    );
  }
  const { counts } = iterationCounts(view);
  return (
    <div
      className="map-iterations nopan nodrag"
      data-testid="map-iterations"
      data-total={Math.max(view.length, view.iterations.length)}
      data-succeeded={counts.SUCCEEDED ?? 0}
      data-failed={counts.FAILED ?? 0}
      data-running={counts.RUNNING ?? 0}
    >
      <CountsBar view={view} />
      <span className="map-done">
        {(counts.SUCCEEDED ?? 0).toLocaleString('en')}/
        {Math.max(view.length, view.iterations.length).toLocaleString('en')}
      </span>
      <IterationStepper name={name} view={view} focusable={false} />
    </div>
  );
}
