import { DropdownMenu } from 'radix-ui';

import { innerScopes } from '@/asl/definition';
import { findState } from '@/asl/edit/scopes';
import { focusBack } from '@/ui/focus-back';
import '@/ui/menu.css';

import { useEditor, useEditorStore } from '../editor-store';
import type { StateActions } from './state-actions';

function Item({ label, keys, act }: { label: string; keys?: string; act: () => unknown }) {
  return (
    <DropdownMenu.Item className="menu-item" onSelect={() => void act()}>
      {label}
      {keys !== undefined && <kbd>{keys}</kbd>}
    </DropdownMenu.Item>
  );
}

/** What can be done with a state: by right click, by its "⋯", or by the key m. */
export default function StateMenu({
  actions,
  onRename,
}: {
  actions: StateActions;
  onRename: () => void;
}) {
  const editor = useEditorStore();
  const menu = useEditor((state) => state.stateMenu);
  const definition = useEditor(({ document }) => document.definition);
  const collapsed = useEditor((state) => state.collapsed);
  if (!menu) return null;
  const { name, at } = menu;
  const state = findState(definition, name)?.state;
  if (!state) return null;
  const contains = innerScopes(state).length > 0;
  const close = () => editor.setState({ stateMenu: null });
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && close()}>
      <DropdownMenu.Trigger asChild>
        <span className="menu-anchor" style={{ left: at.x, top: at.y }} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.getElementById('main')}>
        <DropdownMenu.Content
          className="menu"
          align="start"
          data-testid="state-menu"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // Inserting and renaming have put it into a field.
            focusBack(document.querySelector('[data-testid=graph]'));
          }}
        >
          <DropdownMenu.Label className="menu-label">{name}</DropdownMenu.Label>
          <Item label="Insert before…" keys="b" act={() => actions.insertBefore(name, at)} />
          <Item label="Insert after…" keys="a" act={() => actions.insertAfter(name, at)} />
          {contains && (
            <Item label="Insert into…" keys="i" act={() => actions.insertInto(name, at)} />
          )}
          {state.Type === 'Parallel' && (
            <Item label="Add branch" act={() => actions.addBranch(name)} />
          )}
          {contains && (
            <Item
              label={collapsed.has(name) ? 'Open' : 'Collapse'}
              keys="c"
              act={() => editor.getState().toggleCollapsed(name)}
            />
          )}
          <DropdownMenu.Separator className="menu-line" />
          <Item label="Move up" keys="Alt+↑" act={() => actions.shift(name, 'up')} />
          <Item label="Move down" keys="Alt+↓" act={() => actions.shift(name, 'down')} />
          <Item label="Wrap in Parallel" act={() => actions.wrap('Parallel')} />
          <Item label="Wrap in Map" act={() => actions.wrap('Map')} />
          <DropdownMenu.Separator className="menu-line" />
          <Item label="Rename" keys="F2" act={onRename} />
          <Item label="Duplicate" keys="Ctrl+D" act={actions.duplicate} />
          <Item label="Copy" keys="Ctrl+C" act={actions.copy} />
          <Item label="Paste after" keys="Ctrl+V" act={actions.paste} />
          <Item label="Delete" keys="Del" act={actions.remove} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
