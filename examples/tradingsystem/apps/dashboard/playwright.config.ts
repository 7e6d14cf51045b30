import { defineConfig, devices } from '@playwright/test';

export default defineConfig({
  testDir: './e2e',
  timeout: 30_000,
  retries: process.env.CI ? 2 : 0,
  use: {
    baseURL: 'http://localhost:3103',
    viewport: { width: 1280, height: 720 },
    navigationTimeout: 15000,
  },
  projects: [
    { name: 'desktop', use: { ...devices['Desktop Chrome'] } },
    { name: 'wide', use: { viewport: { width: 3440, height: 1440 } } },
  ],
  webServer: {
    command: 'npm run dev',
    port: Number(process.env.DASHBOARD_PORT ?? 3103),
    timeout: 120_000,
    reuseExistingServer: !process.env.CI,
  },
});
