// vite.config.js
export default {
  server: {
    proxy: {
      '/api': { target: process.env.STANDIN_URL ?? 'http://localhost:8080', rewrite: (path) => path.replace(/^\/api/, '') },
    },
  },
};
