// cypress.config.js
export default {
  e2e: { baseUrl: 'http://localhost:5173', env: { mock: process.env.STANDIN_URL ?? 'http://localhost:8080' } },
};
