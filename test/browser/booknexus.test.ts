import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { seriousViolations } from './axe';
import { openBrowser, type TestBrowser, type Watched } from './browser';
import { rowsOf, serveLibrary, type Served } from './library';
import { FOLDER } from './report';
import { VIEW } from './walk';

let browser: TestBrowser;
let served: Served;
beforeAll(async () => void ([browser, served] = await Promise.all([openBrowser(), serveLibrary()])));
afterAll(() => Promise.all([browser.close(), served.close()]));
beforeEach(() => served.refill());

const rows = () => rowsOf(served.database);
const said = (page: Page, words: string | RegExp): Promise<void> =>
  page.locator('#notice, #failure').filter({ hasText: words }).waitFor();

/** The page with its books on it. */
async function opened(how = {}): Promise<Watched> {
  const watched = await browser.open(served.url, { ...VIEW, ...how });
  await watched.page.getByText('978-1').waitFor();
  return watched;
}

/** Presses the reader's button and reads what the page says would go: model, rows deleted, rows kept. */
async function impactOf(page: Page, reader: string): Promise<readonly (readonly string[])[]> {
  await page.getByRole('button', { name: `Delete ${reader}` }).click();
  await page.locator('#impact:not([hidden])').waitFor();
  const lines = await page.locator('#impact tbody tr').all();
  return Promise.all(lines.map((line) => line.locator('th, td').allInnerTexts()));
}

/** Of all that was asked for, what is not the library's own. */
const foreign = ({ requested }: Watched): readonly string[] =>
  requested.filter((url) => !url.startsWith(served.url));

test('a book is borrowed and brought back, once each however often one clicks', async () => {
  const watched = await opened();
  const { page, complaints } = watched;
  await page.getByLabel('Borrow for').selectOption('Grace');
  await page.getByRole('button', { name: 'Borrow Notes' }).dblclick();
  await said(page, 'Notes is borrowed.');
  await page.getByText(/Out: Grace has it until/).waitFor();
  const open = `select "userId", "bookId" from "Checkouts" where "returnedAt" is null and "bookId" = 1`;
  expect(await served.database.query(open)).toEqual([{ userId: 2, bookId: 1 }]);

  await page.getByRole('button', { name: 'Return Notes' }).click();
  await said(page, 'Notes is back.');
  await page.getByRole('button', { name: 'Borrow Notes' }).waitFor();
  expect(await served.database.query(open)).toEqual([]);
  expect({ complaints, foreign: foreign(watched) }).toEqual({ complaints: [], foreign: [] });
});

test('what goes with a reader is shown first; exactly that goes, and only on a yes', async () => {
  const { page, complaints } = await opened();
  const before = await rows();
  expect((await impactOf(page, 'Ada')).toSorted()).toEqual([
    ['Checkouts', '2', '0'],
    ['Fines', '2', '0'],
    ['Reader', '1', '0'],
    ['Reviews', '0', '2'],
  ]);
  await expect(page.locator('#impact-summary').innerText()).resolves.toBe(
    '5 rows will be deleted, 2 will be kept without the reader. This cannot be undone.',
  );
  await page.screenshot({ path: join(FOLDER, 'library-impact.png') });
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(await rows()).toEqual(before);

  await impactOf(page, 'Ada');
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await said(page, 'Ada is deleted.');
  expect(await rows()).toEqual({ Users: 1, Books: 2, Checkouts: 1, Fines: 1, Reviews: 3, Anonymous: 2 });
  expect(await page.locator('#users tbody tr').count()).toBe(1);
  expect(complaints).toEqual([]);
});

test('where more would go than was shown nothing goes, and the page says why', async () => {
  const { page } = await opened();
  await impactOf(page, 'Ada');
  await served.database.query(`insert into "Fines" (id, "checkoutId", cents) values (4, 1, 900)`);
  const before = await rows();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await said(page, 'Ada was not deleted: Something else would go along now. Please look again');
  expect(await rows()).toEqual(before);

  expect(await impactOf(page, 'Ada')).toContainEqual(['Fines', '3', '0']);
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await said(page, 'Ada is deleted.');
  expect(await rows()).toMatchObject({ Users: 1, Checkouts: 1, Fines: 1, Anonymous: 2 });
});

test('a delete that the database refuses cannot be asked for, or is told in words', async () => {
  const { page } = await opened();
  const before = await rows();
  await impactOf(page, 'Ada');
  await served.database.query(
    `create table "Cards" (id integer primary key, "userId" integer references "Users" on delete restrict);
     insert into "Cards" values (1, 1)`,
  );
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await said(page, /^Ada was not deleted: .*"Cards"/);

  await page.getByRole('button', { name: 'Delete Ada' }).click();
  await page.getByText('The database would refuse this: other rows hold on to this reader.').waitFor();
  await expect(page.getByRole('button', { name: 'Delete for good' }).isDisabled()).resolves.toBe(true);
  expect(await rows()).toEqual(before);
  await served.database.query('drop table "Cards"');
});

test('a book that somebody else has taken meanwhile, and a database that fails, are told in words', async () => {
  await served.database.query(
    `insert into "Books" (id, title, isbn) select n, 'Volume ' || n, 'v' || n from generate_series(3, 40) n`,
  );
  const { page } = await opened();
  await served.database.query(
    `insert into "Checkouts" ("userId", "bookId", "dueAt") values (2, 40, now() + interval '1 day')`,
  );
  await page.getByRole('button', { name: 'Borrow Volume 40' }).click();
  await said(page, 'Volume 40 was not borrowed: Somebody else has this book');
  await page.getByText(/Out: Grace has it until/).waitFor();
  // Far down the list, too, the words are where somebody looks.
  const { y = -1 } = (await page.locator('#failure').boundingBox()) ?? {};
  expect(y).toBeGreaterThanOrEqual(0);
  expect(y).toBeLessThan(VIEW.viewport.height);
  await page.screenshot({ path: join(FOLDER, 'library-refused.png') });
  expect(await rows()).toMatchObject({ Checkouts: 4 });

  const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  await served.database.query('alter table "Checkouts" rename to "Elsewhere"');
  await page.getByRole('button', { name: 'Return Volume 40' }).click();
  await said(page, 'Volume 40 was not brought back: Something went wrong');
  await served.database.query('alter table "Elsewhere" rename to "Checkouts"');
  expect(log).toHaveBeenCalled();
  log.mockRestore();
});

test('a reader is added, looked at and deleted by keyboard alone, whatever they are called', async () => {
  const { page, complaints } = await opened();
  const name = `<img src=x onerror=hit=1> "O'Neil"`;
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await page.getByLabel('Name').focus();
  await page.keyboard.type(name);
  await press('Tab');
  await page.keyboard.type('oneil@example.org');
  await press('Enter');
  await said(page, 'The reader has a card.');
  await press('Shift+Tab', 'Shift+Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
    `Delete ${name}`,
  );
  await press('Enter');
  await page.locator('#impact:not([hidden])').waitFor();
  await press('Escape');
  await page.locator('#notice:empty').waitFor({ state: 'attached' });
  expect(await rows()).toMatchObject({ Users: 3 });
  await press('Enter');
  await page.locator('#impact:not([hidden])').waitFor();
  await press('Tab', 'Enter');
  await said(page, `${name} is deleted.`);
  expect(await rows()).toMatchObject({ Users: 2 });
  expect(await page.evaluate('typeof hit')).toBe('undefined');
  expect(complaints).toEqual([]);
});

test.each(['light', 'dark'] as const)("%s: nothing serious is in anybody's way", async (colorScheme) => {
  const { page } = await opened({ colorScheme });
  await page.screenshot({ path: join(FOLDER, `library-${colorScheme}.png`) });
  expect(await seriousViolations(page)).toEqual([]);
  await impactOf(page, 'Grace');
  await page.screenshot({ path: join(FOLDER, `library-${colorScheme}-impact.png`) });
  expect(await seriousViolations(page)).toEqual([]);
});
