import { DropdownMenu } from 'radix-ui';
import { useState, type RefObject } from 'react';

import { focusBack } from './focus-back';
import './menu.css';

/** One thing to do. */
export interface MenuItem {
  label: string;
  act: () => unknown;
  disabled?: boolean | undefined;
  testId?: string;
}

export interface MenuProps {
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  items: readonly MenuItem[];
}

/** The open menu itself: see menu-button.tsx. */
export default function MenuPanel({ anchor, onClose, items }: MenuProps) {
  // It stands where the button stood when it was opened: the page does not move beneath a menu.
  const [box] = useState(() => anchor.current?.getBoundingClientRect());
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <span
          className="menu-anchor"
          style={{ left: box?.right, top: box?.bottom }}
          aria-hidden="true"
        />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.getElementById('main')}>
        <DropdownMenu.Content
          className="menu"
          align="end"
          sideOffset={4}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            focusBack(anchor.current);
          }}
        >
          {items.map(({ label, act, disabled, testId }) => (
            <DropdownMenu.Item
              key={label}
              className="menu-item"
              disabled={disabled === true}
              data-testid={testId}
              onSelect={() => {
                // What it opens gives the focus back to the button: the item is gone by then.
                anchor.current?.focus();
                void act();
              }}
            >
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
