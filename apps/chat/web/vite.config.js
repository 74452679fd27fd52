import { defineConfig } from 'vite';

// Names without hashes: the files are committed and served with an ETag.
export default defineConfig({
  build: {
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: { entryFileNames: 'assets/app.js', chunkFileNames: 'assets/[name].js', assetFileNames: 'assets/app[extname]' },
    },
  },
});
