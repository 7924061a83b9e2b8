import { useLayoutEffect, useState } from 'react';

/** Fields that letters mean nothing to. */
const NOT_TYPED = ['range', 'checkbox', 'radio'];

/** Whether a key press belongs to a field the person is typing into. */
export function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  if (target instanceof HTMLInputElement && NOT_TYPED.includes(target.type)) return false;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

/** Calls back for a key pressed anywhere but in a text field or under a dialog. */
export function useShortcut(matches: (event: KeyboardEvent) => boolean, act: () => void) {
  // With the paint and not after it: a key means what the page shows when it is pressed.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (isTyping(event) || event.defaultPrevented || !matches(event)) return;
      if (document.querySelector('[role=dialog]')) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [matches, act]);
}

const isQuestionMark = (event: KeyboardEvent) => event.key === '?';
const isSearch = (event: KeyboardEvent) =>
  event.key === '/' || ((event.ctrlKey || event.metaKey) && event.key === 'k');

function focusSearch() {
  document.querySelector<HTMLInputElement>('[data-shortcut=search]')?.focus();
}

export function useShortcutHelp() {
  const [open, setOpen] = useState(false);
  const [show] = useState(() => () => setOpen(true));
  useShortcut(isQuestionMark, show);
  useShortcut(isSearch, focusSearch);
  return { open, show, hide: () => setOpen(false) };
}
