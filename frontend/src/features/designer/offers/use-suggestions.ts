import { useId, useState, type KeyboardEvent } from 'react';

import { matching, tokenBefore } from './offers';

type Field = HTMLInputElement | HTMLTextAreaElement;

export interface Suggestions {
  id: string;
  options: string[];
  active: number;
  choose: (option: string) => void;
}

interface Open {
  options: string[];
  active: number;
  from: number;
  field: Field;
}

/**
 * A list of what can be written at the caret, under a text field that keeps the focus and the keys:
 * it comes with "$" and with Ctrl+Space; arrows move in it, Enter takes, Escape closes it. Nothing is
 * chosen before an arrow is pressed: Enter and Tab mean what they always mean in a field.
 */
export function useSuggestions(
  /** Everything that can be offered; asked when the list is about to open. */
  ask: (() => Promise<string[]>) | undefined,
  onText: (text: string) => void,
) {
  const id = useId();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);

  const look = (field: Field, asked: boolean) => {
    if (!ask) return;
    const caret = field.selectionStart ?? field.value.length;
    const found = tokenBefore(field.value, caret);
    if (!found && !asked) {
      close();
      return;
    }
    void ask().then((all) => {
      // The person may have typed on meanwhile: that asks again.
      if (field !== document.activeElement || field.selectionStart !== caret) return;
      const options = matching(all, found?.token ?? '');
      setOpen(
        options.length > 0
          ? { options, active: asked ? 0 : -1, from: found?.from ?? caret, field }
          : null,
      );
    });
  };

  const choose = (option: string) => {
    if (!open) return;
    const { field, from } = open;
    const end = field.selectionStart ?? field.value.length;
    onText(field.value.slice(0, from) + option + field.value.slice(end));
    close();
    const caret = from + option.length;
    requestAnimationFrame(() => field.setSelectionRange(caret, caret));
  };

  /** Whether the key was the list's own. */
  const press = (event: KeyboardEvent<Field>): boolean => {
    if (event.key === ' ' && event.ctrlKey) {
      look(event.currentTarget, true);
      event.preventDefault();
      return true;
    }
    if (!open) return false;
    const { options, active } = open;
    const chosen = options[active];
    if (event.key === 'ArrowDown') setOpen({ ...open, active: (active + 1) % options.length });
    else if (event.key === 'ArrowUp') {
      setOpen({ ...open, active: (active <= 0 ? options.length : active) - 1 });
    } else if (event.key === 'Enter' && !event.ctrlKey && chosen !== undefined) choose(chosen);
    else if (event.key === 'Escape') close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  const shown: Suggestions | null = open && {
    id,
    options: open.options,
    active: open.active,
    choose,
  };
  return {
    look: (field: Field) => look(field, false),
    press,
    close,
    shown,
    aria: ask && {
      'aria-autocomplete': 'list' as const,
      'aria-haspopup': 'listbox' as const,
      'aria-controls': shown ? id : undefined,
      'aria-activedescendant': shown && shown.active >= 0 ? `${id}-${shown.active}` : undefined,
    },
  };
}
