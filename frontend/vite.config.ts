import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The server that answers /api, /stream and /files while `npm run dev` serves the modules. */
const backend = process.env.STEPWELL_BACKEND ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [react()],
  base: '/static/app/',
  resolve: { alias: { '@': here('./src') } },
  build: {
    outDir: here('../static/app'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    // A data: font or image would need a hole in the content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: { input: here('./src/main.tsx') },
  },
  server: {
    proxy: {
      '/api': backend,
      '/files': backend,
      '/sign-in': backend,
      '/sign-out': backend,
      '/stream': { target: backend, ws: true },
    },
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts'],
    // Nothing here waits for anything: a test that takes long runs on a busy machine.
    testTimeout: 60_000,
  },
});
