import { useEffect } from 'react';

/** The page's title in the browser's tab. */
export function useTitle(...parts: string[]) {
  const title = [...parts, 'Stepwell'].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
