import { Suspense, useRef, useState, type ReactNode } from 'react';

import { lazily } from '@/app/lazily';

import { IconButton } from './button';
import type { MenuItem } from './menu-panel';

const Panel = lazily(() => import('./menu-panel'));

interface Props {
  label: string;
  items: readonly MenuItem[];
  testId?: string;
  /** The button's icon. */
  children: ReactNode;
}

/** A button that opens a menu; Escape and a press elsewhere close it. */
export function MenuButton({ label, items, testId, children }: Props) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <IconButton
        ref={button}
        label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        data-testid={testId}
        onClick={() => setOpen(true)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {children}
      </IconButton>
      {open && (
        <Suspense>
          <Panel anchor={button} items={items} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
