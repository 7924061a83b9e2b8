import { Dialog } from '@/ui/dialog';

const SHORTCUTS: [keys: string, what: string][] = [
  ['?', 'Show this list'],
  ['/ or Ctrl+K', 'Go to the search or the filter'],
  ['↑ ↓ ← →', 'Move between states (with the graph focused)'],
  ['Enter', 'Inspect the selected state'],
  ['Escape', 'Clear the selection'],
  ['o', 'Go to the outline of the states, or close it'],
  ['0 or Alt+C', 'Fit the graph into view'],
  ['+ and −', 'Zoom in and out'],
  ['Ctrl+Enter', 'Start, in the start dialog'],
  ['[ and ]', 'Show the execution one event earlier, or later'],
  ['{ and }', 'The same, to the next event at which something went wrong'],
  ['n and p', 'The next change, or the one before, where two are compared'],
  ['→ and ←', 'Open and close a row of the table or the timeline'],
];

/** Those of an execution that is debugged. */
const DEBUGGER: [keys: string, what: string][] = [
  ['F9', 'Set or remove a breakpoint at the selected state'],
  ['F8', 'Continue'],
  ['F10', 'Step over'],
  ['F11', 'Step into a branch or iteration'],
  ['Shift+F11', 'Step out'],
];

/** Those of the designer's canvas beside the ones above. */
const DESIGNER: [keys: string, what: string][] = [
  ['a', 'Insert after the selected state, or at the start'],
  ['b', 'Insert before it'],
  ['i', 'Insert into it: a Map or a branch of a Parallel'],
  ['m', 'Open its menu'],
  ['c', 'Collapse or open a Map or Parallel'],
  ['Alt+↑ Alt+↓', 'Move it up or down its chain'],
  ['Shift+↑ ↓ ← →', 'Select several states'],
  ['Ctrl+A', 'Select all'],
  ['F2', 'Rename'],
  ['Delete', 'Delete; what follows moves up'],
  ['Ctrl+D', 'Duplicate'],
  ['Ctrl+C Ctrl+X Ctrl+V', 'Copy, cut, paste after'],
  ['Ctrl+Z', 'Undo, in the code and on the canvas'],
  ['Ctrl+Shift+Z', 'Redo'],
  ['Ctrl+S', 'Save the draft at once'],
  ['Ctrl+Space', 'In a field: what can be written here'],
  ['Escape', 'In the inspector: back to the canvas'],
];

function Keys({ of }: { of: [keys: string, what: string][] }) {
  return (
    <dl className="shortcuts">
      {of.map(([keys, what]) => (
        <div key={keys}>
          <dt>{what}</dt>
          <dd>
            <kbd>{keys}</kbd>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The list that `?` shows. */
export default function ShortcutHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts">
      <Keys of={SHORTCUTS} />
      <h3 className="shortcuts-heading">In the debugger</h3>
      <Keys of={DEBUGGER} />
      <h3 className="shortcuts-heading">In the designer</h3>
      <Keys of={DESIGNER} />
    </Dialog>
  );
}
