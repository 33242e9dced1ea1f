// pets.spec.js
import { test, expect } from '@playwright/test';

const control = (request, method, path, data) => request[method](`${process.env.STANDIN_URL}/__mock/${path}`, { data });

test.beforeEach(({ request }) => control(request, 'post', 'reset'));   // of this worker's sandbox: the header is on every request

for (const name of ['Rex', 'Bella', 'Luna', 'Max']) {
  test(`${name} is added, and nobody else is`, async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('listitem')).not.toHaveCount(0);
    const before = await page.getByRole('listitem').count();
    await page.getByLabel('Name').fill(name);
    await page.getByRole('button').click();
    await expect(page.getByRole('status')).toHaveText(`${name} is in`);
    await expect(page.getByRole('listitem')).toHaveCount(before + 1);
    await expect(page.getByRole('listitem').last()).toHaveText(name);
  });
}

test('the page survives a server that has no time', async ({ page, request }) => {
  await control(request, 'post', 'stubs', { operation: 'createPet', times: 1, respond: { status: 503 } });
  await page.goto('/');
  await page.getByLabel('Name').fill('Rex');
  await page.getByRole('button').click();
  await expect(page.getByRole('status')).toHaveText('Try again later');
  await page.getByRole('button').click();
  await expect(page.getByRole('status')).toHaveText('Rex is in');
  const verdict = await control(request, 'post', 'verify', { request: { operation: 'createPet' }, count: 2 });
  expect(await verdict.json()).toMatchObject({ verified: true });
});
