import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { seriousViolations } from './axe';
import { openBrowser, type TestBrowser } from './browser';
import { FOLDER, reported, type Reported } from './report';
import { createSchema } from './schema';
import { VIEW } from './walk';

let browser: TestBrowser;
beforeAll(async () => void (browser = await openBrowser()));
afterAll(() => browser.close());

const shown = (page: Page): Promise<number> => page.locator('.finding:not([hidden])').count();

describe('what a person does with it', () => {
  let reportedOn: Reported;
  let url: string;
  beforeAll(async () => {
    reportedOn = await reported('used', (database) => createSchema(database, 30, 4));
    url = await reportedOn.report();
  });
  afterAll(() => reportedOn.database.drop());

  it('filters by words and by severity, and is told how much is left', async () => {
    const { page, complaints } = await browser.open(url, VIEW);
    const all = await shown(page);
    const output = page.locator('#shown');
    await expect(output.textContent()).resolves.toBe(`${all} findings`);
    await page.getByLabel('Filter').fill('MISSING-foreign  parent_id');
    const some = await shown(page);
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
    await expect(output.textContent()).resolves.toBe(`${some} of ${all} findings`);
    await page.getByLabel('Filter').fill('nobody has this name');
    await expect(output.textContent()).resolves.toBe(`0 of ${all} findings`);
    await page.getByLabel('Filter').fill('');
    await page.getByLabel('error', { exact: true }).uncheck();
    const rest = await shown(page);
    expect(rest).toBe(all - (await page.locator('.finding[data-severity=error]').count()));
    expect(rest).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  it('presses the switch, whatever the system says', async () => {
    const { page } = await browser.open(url, { ...VIEW, colorScheme: 'light' });
    const ground = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByRole('button', { name: 'Dark theme' }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Light theme' }).click();
    expect(await ground()).toBe(light);
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('follows an arrow to its finding by keyboard alone, also where that was filtered away', async () => {
    const { page, complaints } = await browser.open(url, VIEW);
    await page.getByLabel('Filter').fill('nobody has this name');
    const arrow = page.locator('#wrong + * a, #wrong ~ figure a').first();
    const target = (await arrow.getAttribute('href')) ?? '';
    await page.locator('body').press('Home');
    for (let tabs = 0; tabs < 9 && !(await arrow.evaluate((one) => one === document.activeElement)); tabs++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator(`${target}[open]`).waitFor();
    await expect(page.locator(target).isVisible()).resolves.toBe(true);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
    await page.keyboard.press('Enter');
    await page.locator(`${target}:not([open])`).waitFor();
    expect(complaints).toEqual([]);
  });

  it('prints it with everything unfolded, and finds it folded again', async () => {
    const { page } = await browser.open(url, VIEW);
    const open = (): Promise<number> => page.locator('details[open]').count();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate(() => void dispatchEvent(new Event('beforeprint')));
    expect(await open()).toBe(await page.locator('details').count());
    await expect(page.locator('#filter').isVisible()).resolves.toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(27, 36, 48)');
    writeFileSync(join(FOLDER, 'printed.pdf'), await page.pdf({ format: 'A4' }));
    await page.evaluate(() => void dispatchEvent(new Event('afterprint')));
    expect(await open()).toBe(0);
  });

  it('reads it where scripts are switched off', async () => {
    const { page } = await browser.open(url, { ...VIEW, javaScriptEnabled: false });
    await expect(page.locator('#filter').isVisible()).resolves.toBe(false);
    await page.locator('.finding summary').first().click();
    await expect(page.getByText('Why it hurts').first().isVisible()).resolves.toBe(true);
  });

  it('is not harmed by what others put into it: its policy runs nothing but its own script', async () => {
    const { page, complaints } = await browser.open(url, VIEW);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken over"';
      document.body.append(script);
      document.body.setAttribute('style', 'display: none');
      document.body.insertAdjacentHTML('beforeend', '<img src="https://example.org/x.png">');
    });
    expect(await page.title()).toMatch(/^Foreign keys of/);
    expect(complaints.join('\n')).toMatch(/script-src[^]*style-src[^]*img-src|default-src/);
  });
});
