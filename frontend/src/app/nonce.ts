/**
 * The nonce of this page, which its content security policy asks of scripts and style elements. The
 * server writes it into the page; while Vite serves the modules there is none, and no policy.
 */
export const nonce =
  typeof document === 'undefined'
    ? ''
    : (document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '');

// Where the libraries behind dialogs and menus look for it.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;
