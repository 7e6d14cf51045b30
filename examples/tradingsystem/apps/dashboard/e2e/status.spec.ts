import { expect, test } from '@playwright/test';

test('says whether the workspace API is up', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByText('Workspace API is')).toBeVisible({ timeout: 20000 });
});
