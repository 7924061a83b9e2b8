/** Light, dark or as the system says; remembered, and applied as a class of the document. */

import { create } from 'zustand';

export type Theme = 'light' | 'dark' | 'system';

const KEY = 'stepwell.theme';
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

function remembered(): Theme {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

const isDark = (theme: Theme) => theme === 'dark' || (theme === 'system' && systemDark.matches);

interface ThemeState {
  theme: Theme;
  /** What the choice comes to at the moment. */
  dark: boolean;
  choose: (theme: Theme) => void;
}

export const useTheme = create<ThemeState>((set) => ({
  theme: remembered(),
  dark: isDark(remembered()),
  choose: (theme) => {
    localStorage.setItem(KEY, theme);
    set({ theme, dark: isDark(theme) });
  },
}));

/** Applies the theme now, at every choice, and whenever the system changes its mind. */
export function followTheme() {
  const paint = ({ dark }: ThemeState) => {
    document.documentElement.classList.toggle('dark', dark);
  };
  paint(useTheme.getState());
  useTheme.subscribe(paint);
  systemDark.addEventListener('change', () =>
    useTheme.setState(({ theme }) => ({ dark: isDark(theme) })),
  );
}
