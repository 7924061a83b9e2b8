import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { useState, type ReactNode } from 'react';

import { IconButton } from './button';
import './dialog.css';
import { focusBack } from './focus-back';

export interface DialogProps {
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}

/** The open dialog itself: see dialog.tsx. */
export default function DialogPanel({
  onClose,
  title,
  description,
  children,
  wide = false,
}: DialogProps) {
  const [opener] = useState(() => document.activeElement);
  return (
    <Primitive.Root open onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="dialog-overlay" />
        <Primitive.Content
          className={wide ? 'dialog dialog-wide' : 'dialog'}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            focusBack(opener);
          }}
          {...(description === undefined && { 'aria-describedby': undefined })}
        >
          <header className="dialog-header">
            <Primitive.Title>{title}</Primitive.Title>
            <Primitive.Close asChild>
              <IconButton label="Close">
                <X />
              </IconButton>
            </Primitive.Close>
          </header>
          {description !== undefined && (
            <Primitive.Description className="dialog-description">
              {description}
            </Primitive.Description>
          )}
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
