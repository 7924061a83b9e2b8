import { Popover } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';

import { focusBack } from './focus-back';

export interface PopoverProps {
  /** What it belongs to: it stands beside it, and the focus returns there. */
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  label: string;
  className: string;
  side?: 'left' | 'bottom';
  align?: 'start' | 'end';
  testId?: string;
  children: ReactNode;
}

/** The open popover itself: see popover.tsx. */
export default function PopoverPanel({
  anchor,
  onClose,
  label,
  className,
  side = 'bottom',
  align = 'end',
  testId,
  children,
}: PopoverProps) {
  const within = (target: EventTarget | null) =>
    target instanceof Node && anchor.current?.contains(target) === true;
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          className={className}
          aria-label={label}
          side={side}
          align={align}
          sideOffset={8}
          collisionPadding={12}
          data-testid={testId}
          // A press on what it belongs to closes it by itself.
          onInteractOutside={(event) => within(event.target) && event.preventDefault()}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            focusBack(anchor.current);
          }}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
