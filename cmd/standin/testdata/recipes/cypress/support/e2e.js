// cypress/support/e2e.js
Cypress.Commands.add('mock', (method, path, body) => cy.request(method, `${Cypress.env('mock')}/__mock/${path}`, body));

beforeEach(() => {
  cy.setCookie('mock_sandbox', 'cypress');   // pages and cy.request work in this sandbox
  cy.mock('POST', 'reset');
});
