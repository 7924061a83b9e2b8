import { Dialog } from '@/ui/dialog';

const SHORTCUTS: [keys: string, what: string][] = [
  ['?', 'Show this list'],
  ['/', 'Go to the search or the filter'],
  ['↑ ↓ ← →', 'Move between states (with the graph focused)'],
  ['Enter', 'Inspect the selected state'],
  ['Escape', 'Clear the selection'],
  ['o', 'Go to the outline of the states, or close it'],
  ['0 or Alt+C', 'Fit the graph into view'],
  ['+ and −', 'Zoom in and out'],
  ['Ctrl+Enter', 'Start, in the start dialog'],
];

/** The list that `?` shows. */
export default function ShortcutHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts">
      <dl className="shortcuts">
        {SHORTCUTS.map(([keys, what]) => (
          <div key={keys}>
            <dt>{what}</dt>
            <dd>
              <kbd>{keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
