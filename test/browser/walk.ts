import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { overlaps } from './overlaps';
import { FOLDER } from './report';

/** As wide as the window of a laptop. */
export const VIEW = { viewport: { width: 1280, height: 900 } };

const picture = (page: Page, name: string): Promise<unknown> =>
  page.screenshot({ path: join(FOLDER, `${name}.png`) });

/** Looks at a report from its top to its end, with a finding and the drawing of everything unfolded, and pictures each. */
export async function walkThrough(page: Page, name: string): Promise<void> {
  await picture(page, name);
  await page.locator('.finding').first().scrollIntoViewIfNeeded();
  await page.locator('.finding summary').first().click();
  await picture(page, `${name}-findings`);
  await page.getByText('relations between').last().click();
  await page.locator('#everything').evaluate((heading) => heading.scrollIntoView());
  await picture(page, `${name}-everything`);
}

/** What nobody could read: words upon words, words that hang out, and tooltips in which a line break is written out. */
export async function unreadable(page: Page): Promise<readonly string[]> {
  const tooltips = await page.locator('svg title').allTextContents();
  return [...(await overlaps(page)), ...tooltips.filter((text) => text.includes('\\n'))];
}
