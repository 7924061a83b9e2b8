import { useMemo } from 'react';

import './pictures.css';

interface Picture {
  url: string;
  mediaType: string;
}

/** More than this many would bury the text below them. */
const MOST = 12;

/** Every `{"mediaType": "image/…", "url": "/files/…"}` anywhere inside a JSON text. */
export function picturesIn(text: string): Picture[] {
  if (!text.includes('mediaType')) return [];
  const found = new Map<string, Picture>();
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    const { mediaType, url } = value as Record<string, unknown>;
    // Only files of this server: a workflow's output must not make the browser call elsewhere.
    if (
      typeof mediaType === 'string' &&
      typeof url === 'string' &&
      mediaType.startsWith('image/') &&
      url.startsWith('/files/')
    ) {
      found.set(url, { mediaType, url });
    }
    Object.values(value).forEach(walk);
  };
  try {
    walk(JSON.parse(text));
  } catch {
    return [];
  }
  return [...found.values()];
}

/** The pictures that a text speaks of, in front of the text. */
export function Pictures({ text }: { text: string }) {
  const pictures = useMemo(() => picturesIn(text), [text]);
  if (pictures.length === 0) return null;
  return (
    <div className="pictures" data-testid="pictures" data-count={pictures.length}>
      {pictures.slice(0, MOST).map(({ url }) => (
        <a key={url} href={url} target="_blank" rel="noreferrer">
          <img src={url} alt={decodeURIComponent(url.split('/').at(-1) ?? url)} loading="lazy" />
        </a>
      ))}
      {pictures.length > MOST && <p className="muted">and {pictures.length - MOST} more</p>}
    </div>
  );
}
