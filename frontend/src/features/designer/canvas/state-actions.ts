/** What can be done with the selected states, by key, by menu and by the tools alike. */

import {
  addBranch,
  copyStates,
  deleteStates,
  duplicateStates,
  insertAfter,
  insertBefore,
  insertFirst,
  moveStates,
  wrapStates,
  type Spot,
} from '@/asl/edit';
import { findState, statesOf } from '@/asl/edit/scopes';
import { waysOn } from '@/asl/edit/targets';
import { toast } from '@/ui/feedback';

import type { EditorStore, InsertMenu } from '../editor-store';
import { fromClipboard, putOnClipboard } from './clipboard';

interface Place {
  x: number;
  y: number;
}

export const stateActions = (editor: EditorStore) => {
  const { getState } = editor;
  const selected = () => getState().document.selected;
  const definition = () => getState().document.definition;
  const apply = (...given: Parameters<ReturnType<typeof getState>['apply']>) =>
    getState().apply(...given);
  const open = (insertMenu: InsertMenu) => {
    const { locked } = getState();
    if (locked === null) editor.setState({ insertMenu });
    else toast('info', locked);
  };
  const menu = (at: Place, title: string, command: typeof insertAfter, name: string) =>
    open({ at, title, command: (piece) => command(name, piece) });

  return {
    remove: () => {
      const names = selected();
      if (names.length === 0) return;
      const before = Object.keys(statesOf(definition())).length;
      if (!apply(deleteStates(names), 'Delete')) return;
      const gone = before - Object.keys(statesOf(definition())).length - names.length;
      if (gone > 0) toast('info', `Deleted with what only it led to. Ctrl+Z brings it back.`);
    },
    duplicate: () => selected().length > 0 && apply(duplicateStates(selected()), 'Duplicate'),
    wrap: (type: 'Parallel' | 'Map') =>
      selected().length > 0 && apply(wrapStates(selected(), type), `Wrap in ${type}`),
    addBranch: (name: string) => apply(addBranch(name), 'Add branch'),
    copy: (): boolean => {
      const piece = copyStates(definition(), selected());
      if (piece) putOnClipboard(piece);
      else if (selected().length > 0) toast('error', 'Copy states of one branch at a time.');
      return piece !== null;
    },
    paste: () => {
      const piece = fromClipboard();
      const after = selected().at(-1);
      if (!piece) toast('error', 'Nothing has been copied yet.');
      else if (after !== undefined) apply(insertAfter(after, piece), 'Paste');
      else apply(insertFirst({ container: null, branch: 0 }, piece), 'Paste');
    },
    insertBefore: (name: string, at: Place) =>
      menu(at, `Insert before ${name}`, insertBefore, name),
    insertAfter: (name: string, at: Place) => menu(at, `Insert after ${name}`, insertAfter, name),
    insertInto: (name: string, at: Place) => {
      const command = (container: string, piece: Parameters<typeof insertAfter>[1]) =>
        insertFirst({ container, branch: 0 }, piece);
      menu(at, `Insert into ${name}`, command, name);
    },
    insertSomewhere: (at: Place) => {
      const ref = { container: null, branch: 0 };
      open({ at, title: 'Insert at the start', command: (piece) => insertFirst(ref, piece) });
    },
    /** One place up or down its chain. */
    shift: (name: string, way: 'up' | 'down') => {
      const found = findState(definition(), name);
      if (!found) return;
      const { scope, ref, state } = found;
      const entries = Object.entries(statesOf(scope));
      const leadsTo = (to: string) => entries.find(([, each]) => waysOn(each).includes(to))?.[0];
      let spot: Spot | null = null;
      if (way === 'down') {
        const [next] = waysOn(state);
        const after = next === undefined ? undefined : statesOf(scope)[next];
        if (next !== undefined && after) {
          spot = { scope: ref, from: next, to: waysOn(after)[0] ?? null, kind: 'next' };
        }
      } else {
        const before = leadsTo(name);
        if (before !== undefined) {
          const first = scope.StartAt === before ? null : (leadsTo(before) ?? null);
          spot = { scope: ref, from: first, to: before, kind: 'next' };
        }
      }
      if (spot === null) toast('info', `There is nothing ${way === 'up' ? 'before' : 'after'} it.`);
      else apply(moveStates([name], spot), way === 'up' ? 'Move up' : 'Move down');
    },
    selectAll: () => getState().select(Object.keys(statesOf(definition()))),
  };
};

export type StateActions = ReturnType<typeof stateActions>;
