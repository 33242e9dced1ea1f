// playwright.config.js
export default {
  workers: 2,
  fullyParallel: true,
  use: {
    baseURL: 'http://localhost:5173',
    launchOptions: { executablePath: process.env.CHROMIUM },                                       // leave it out for Playwright's own
    extraHTTPHeaders: { 'Mock-Sandbox': `worker-${process.env.TEST_WORKER_INDEX}` },               // a world for each worker
  },
  webServer: { command: 'npx vite --port 5173 --strictPort', url: 'http://localhost:5173', reuseExistingServer: !process.env.CI },
};
