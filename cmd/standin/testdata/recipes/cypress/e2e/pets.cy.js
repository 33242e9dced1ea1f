// cypress/e2e/pets.cy.js
it('survives a server that has no time', () => {
  cy.mock('POST', 'stubs', { operation: 'createPet', times: 1, respond: { status: 503 } });
  cy.visit('/');
  cy.get('input').type('Rex');
  cy.get('button').click();
  cy.get('[role=status]').should('have.text', 'Try again later');
});
