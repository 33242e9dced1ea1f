// Runs cypress/support/e2e.js and cypress/e2e/pets.cy.js with what Cypress would do for their commands, and prints what was asked.
import { readFile } from 'node:fs/promises';
import config from './cypress.config.js';

const done = [];
const commands = {};
const hooks = [];
const tests = [];
let cookies = '';
let queue = Promise.resolve();

// then puts a step behind those before it, as Cypress does.
const then = (step) => { queue = queue.then(step); return chain; };
const chain = { type: () => chain, should: () => chain, click: () => then(() => ask('POST', `${config.e2e.env.mock}/pets`, { name: 'Rex' })) };

async function ask(method, url, body) {
  const answer = await fetch(url, { method, headers: { Cookie: cookies, ...(body && { 'Content-Type': 'application/json' }) }, body: JSON.stringify(body) });
  done.push(`${method} ${new URL(url).pathname} ${answer.status}`);
}

const globals = {
  Cypress: { Commands: { add: (name, run) => { commands[name] = run; } }, env: (name) => config.e2e.env[name] },
  beforeEach: (run) => hooks.push(run),
  it: (_, run) => tests.push(run),
  cy: new Proxy({}, {
    get: (_, name) => commands[name] ?? {
      setCookie: (key, value) => then(() => { cookies = `${key}=${value}`; done.push(cookies); }),
      request: (method, url, body) => then(() => ask(method, url, body)),
      visit: () => chain,
      get: () => chain,
    }[name],
  }),
};

for (const file of ['cypress/support/e2e.js', 'cypress/e2e/pets.cy.js']) {
  new Function(...Object.keys(globals), await readFile(new URL(file, import.meta.url), 'utf8'))(...Object.values(globals));
}
for (const run of tests) {
  hooks.forEach((hook) => hook());
  run();
  globals.cy.get('button').click();   // a second time, as a person does
}
await queue;
console.log(JSON.stringify(done));
