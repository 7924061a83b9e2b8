import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './app/nonce';
import './app/styles/tokens.css';
import './app/styles/base.css';
import './ui/field.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { Providers } from './app/providers';
import { followTheme } from './app/theme';

followTheme();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Providers />
    </StrictMode>,
  );
}

// What opens above a page is fetched once the page rests, so that it opens at once when asked for.
addEventListener('load', () => {
  requestIdleCallback(() => {
    for (const part of [import('./ui/dialog-panel'), import('./ui/popover-panel')]) {
      // It is asked for again, and waited for, when it is opened.
      part.catch(() => undefined);
    }
  });
});
