import type { ComponentProps } from 'react';

import './button.css';

interface Props extends ComponentProps<'button'> {
  variant?: 'primary' | 'secondary' | 'ghost' | 'danger';
  size?: 'small' | 'medium';
}

/** A button; `primary` once a page at most. */
export function Button({ variant = 'secondary', size = 'medium', className, ...rest }: Props) {
  const names = `button button-${variant} button-${size} ${className ?? ''}`;
  return <button type="button" className={names} {...rest} />;
}

/** A button that is only an icon; its label is spoken and shown on hover. */
export function IconButton({
  label,
  className,
  ...rest
}: ComponentProps<'button'> & { label: string }) {
  const names = `icon-button ${className ?? ''}`;
  return <button type="button" className={names} aria-label={label} title={label} {...rest} />;
}
