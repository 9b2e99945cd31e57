import { chromium, type Browser, type Page } from 'playwright-core';

/** Where Debian puts it. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** A page that is watched. */
export interface Watched {
  readonly page: Page;
  /** Every address that was asked for, the page's own first. */
  readonly requested: readonly string[];
  /** Errors and warnings of the console, exceptions that nobody caught, and what a policy has blocked. */
  readonly complaints: readonly string[];
}

/** One Chromium for a test file. */
export interface TestBrowser {
  open(url: string, how?: Parameters<Browser['newPage']>[0]): Promise<Watched>;
  close(): Promise<void>;
}

/** Starts a Chromium that nobody sees. Its sandbox needs a user that is not root. */
export async function openBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  return {
    async open(url, how) {
      const page = await browser.newPage(how);
      const [requested, complaints]: [string[], string[]] = [[], []];
      page.on('request', (request) => void requested.push(request.url()));
      page.on('pageerror', (error) => void complaints.push(String(error)));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      await page.goto(url);
      return { page, requested, complaints };
    },
    close: () => browser.close(),
  };
}
