/** Whether the outline stands beside the graph; remembered across visits. */

import { create } from 'zustand';
import { persist } from 'zustand/middleware';

interface OutlineState {
  open: boolean;
  /** Opened by hand just now: the focus follows. A remembered outline leaves the focus alone. */
  wanted: boolean;
  toggle: () => void;
}

export const useOutline = create<OutlineState>()(
  persist(
    (set) => ({
      open: false,
      wanted: false,
      toggle: () => set(({ open }) => ({ open: !open, wanted: !open })),
    }),
    { name: 'stepwell.outline', partialize: ({ open }) => ({ open }) },
  ),
);

/** Opens the outline, goes to it where it is open, and closes it for whoever is in it already. */
export function goToOutline() {
  const { open, toggle } = useOutline.getState();
  const current = document.querySelector<HTMLElement>('.outline [tabindex="0"]');
  if (open && current && current !== document.activeElement) current.focus();
  else toggle();
}
