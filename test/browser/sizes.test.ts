import { seriousViolations } from './axe';
import { openBrowser, type TestBrowser } from './browser';
import { reported } from './report';
import { createSchema } from './schema';
import { unreadable, VIEW, walkThrough } from './walk';

let browser: TestBrowser;
beforeAll(async () => void (browser = await openBrowser()));
afterAll(() => browser.close());

test.each([
  { tables: 5, every: 2, themes: ['light', 'dark'] },
  { tables: 60, every: 5, themes: ['light', 'dark'] },
  // The same colours again would take axe half a minute.
  { tables: 300, every: 9, themes: ['light'] },
] as const)(
  '$tables tables can be read, ask for nothing and have nothing to complain about',
  async ({ tables, every, themes }) => {
    const { database, report } = await reported(`${tables}`, (own) => createSchema(own, tables, every));
    const url = await report();
    for (const colorScheme of themes) {
      const { page, requested, complaints } = await browser.open(url, { ...VIEW, colorScheme });
      await walkThrough(page, `${tables}-${colorScheme}`);
      expect(await page.locator('#everything + details .box').count()).toBe(tables);
      expect(await page.locator('.tile', { hasText: 'relations' }).first().innerText()).toContain(
        `in ${tables} tables`,
      );
      expect(await seriousViolations(page)).toEqual([]);
      expect(await unreadable(page)).toEqual([]);
      expect({ requested, complaints }).toEqual({ requested: [url], complaints: [] });
      await page.close();
    }
    await database.drop();
  },
);

test('400 tables are too many for one drawing: what is wrong is drawn, and all of it is in the list', async () => {
  let keys = 0;
  const { database, report } = await reported('400', async (own) => {
    const declared = await createSchema(own, 400, 9);
    keys = declared.length;
    return declared;
  });
  const url = await report();
  const { page, requested, complaints } = await browser.open(url, VIEW);
  await walkThrough(page, '400-light');
  const hint = page.getByText('The drawing is wider than the page');
  await expect(hint.isVisible()).resolves.toBe(true);
  await page.getByRole('button', { name: 'Fit to the page' }).click();
  await expect(hint.isVisible()).resolves.toBe(false);
  const all = page.locator('#everything + details');
  expect(await all.locator('svg').count()).toBe(0);
  await all.locator('.schema summary').first().click();
  expect(await all.locator('.schema li').first().isVisible()).toBe(true);
  expect(await all.locator('.schema li').count()).toBe(keys);
  await all.locator('.schema[open] li a').first().click();
  await page.locator('.finding[open]:target').waitFor();
  expect({ requested, complaints }).toEqual({ requested: [url], complaints: [] });
  await database.drop();
});
