import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDatabase } from '../postgres/database';
import { seriousViolations } from './axe';
import { openBrowser, type TestBrowser } from './browser';
import { hostilePage, NAMES, withoutQuotes } from './hostile';
import { overlaps } from './overlaps';
import { FOLDER } from './report';
import { VIEW, walkThrough } from './walk';

let browser: TestBrowser;
beforeAll(async () => void (browser = await openBrowser()));
afterAll(() => browser.close());

test('names that are markup, script, line breaks or turned round run nothing, and can be read', async () => {
  const database = await createDatabase('hostile');
  const file = join(FOLDER, 'hostile.html');
  writeFileSync(file, await hostilePage(database));
  await database.drop();
  const url = pathToFileURL(file).href;

  const { page, requested, complaints } = await browser.open(url, VIEW);
  await walkThrough(page, 'hostile');
  await page.getByRole('button', { name: 'Open all' }).click();

  expect(await page.evaluate('typeof hit')).toBe('undefined');
  expect({ requested, complaints }).toEqual({ requested: [url], complaints: [] });
  // One style, one script, and the theme's switch: nothing has become an element.
  expect(await page.locator('img, iframe, [onload], [onerror], [onfocus]').count()).toBe(0);
  expect(await page.locator('script').count()).toBe(1);
  const [findings, full] = await Promise.all([
    page.locator('#list').innerText(),
    page.locator('#everything + details svg').textContent(),
  ]);
  for (const [name, seen] of NAMES) {
    expect(findings).toContain(`${seen}_c`);
    expect(full).toContain(`${withoutQuotes(seen)}.${withoutQuotes(seen)}_c`);
    await page.getByLabel('Filter').fill(seen);
    expect({ name, found: (await page.locator('.finding:not([hidden])').count()) > 0 }).toEqual({
      name,
      found: true,
    });
  }
  expect(await overlaps(page)).toEqual([]);
  expect(await seriousViolations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});
