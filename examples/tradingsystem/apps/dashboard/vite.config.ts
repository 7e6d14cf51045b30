import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The dashboard itself: http://localhost:3101
export default defineConfig({
  plugins: [react()],
  server: {
    host: true,
    port: 3103,
    strictPort: true,
    proxy: {
      '/api/workspace': {
        target: 'http://localhost:3200',
        changeOrigin: true,
        timeout: 30000,
      },
      '/api/telegram': 'http://localhost:4010',
    },
  },
  preview: {
    port: 4173,
  },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 4096,
  },
});
