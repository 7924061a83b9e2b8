import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';

import type { Change } from '@/api/state-machines';
import { isTyping } from '@/app/shortcuts';
import { CHANGE_SIGNS, type GraphStore } from '@/features/graph/graph-store';

import { markOf } from './union';

export const countOfChanges = (count: number) =>
  count === 1 ? '1 change' : count === 0 ? 'No changes' : `${count} changes`;

/** The changes in words; one that is of a state selects it in the graph. `n` and `p` walk them. */
export function ChangeList({ changes, store }: { changes: Change[]; store: GraphStore }) {
  const list = useRef<HTMLOListElement>(null);
  const at = useRef(-1);
  const selected = useStore(store, (state) => state.selected);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const step = { n: 1, p: -1 }[event.key];
      if (step === undefined || isTyping(event) || event.ctrlKey || event.metaKey) return;
      if (document.querySelector('[role=dialog]') || changes.length === 0) return;
      event.preventDefault();
      at.current =
        (Math.max(at.current, step > 0 ? -1 : 0) + step + changes.length) % changes.length;
      const change = changes[at.current];
      if (change?.state != null) store.getState().select(change.state);
      list.current?.querySelectorAll<HTMLButtonElement>('button')[at.current]?.focus();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [changes, store]);
  return (
    <ol className="change-list" data-testid="changes" ref={list}>
      {changes.map((each, index) => (
        <li key={index}>
          <button
            type="button"
            className="change"
            data-change={each.kind}
            data-selected={(each.state !== null && each.state === selected) || undefined}
            // One of the state machine itself has no card to show, and still a place in the list.
            aria-disabled={each.state === null}
            onClick={() => {
              at.current = index;
              if (each.state !== null) store.getState().select(each.state);
            }}
          >
            <span className="change-sign" aria-hidden="true">
              {CHANGE_SIGNS[markOf(each.kind)]}
            </span>
            <span>{each.sentence}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
