/**
 * Gives the focus back to what something was opened from, once that has closed.
 *
 * Only where it went with what has closed: Radix asks for this a task later, and by then the person
 * may have pressed on a field, or another dialog may have come.
 */
export function focusBack(opener: Element | null): void {
  const { activeElement, body } = document;
  if (activeElement !== null && activeElement !== body) return;
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
}
