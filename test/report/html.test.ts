import { createHash } from 'node:crypto';
import { pageAssets } from '../../src/cli/page-assets';
import type { Finding } from '../../src/finding';
import { htmlReport } from '../../src/report/html/page';
import type { Looked } from '../../src/report/html/report-data';
import type { Status } from '../../src/status/status';
import { cleanUp, database, orphans, plan, refused, report, unclaimed, wrongAction } from './samples';

const assets = pageAssets();
const pageOf = (looked: Looked): string =>
  htmlReport(
    { ...looked, madeAt: '2026-11-28T01:11:00.000Z', tool: { name: 'sequelize-fk-guard', version: '0.1.0' } },
    assets,
  );
/** The page without what is the same on all of them. */
const own = (looked: Looked): string =>
  pageOf(looked).replace(assets.style.text, '').replace(assets.script.text, '');

const RUN = '7f3a0000-0000-4000-8000-000000000001';
const copies = { rows: 3, open: 2, restored: 1, oldestMs: 5 * 86_400_000 };
const status: Status = {
  schemaVersion: 1,
  database,
  ledger: { schema: 'fk_guard', state: 'ready', runs: 4 },
  runs: [
    {
      runId: RUN,
      startedAt: '2026-11-27T01:11:00.000Z',
      durationMs: 1200,
      status: 'partial',
      goesOn: true,
      limited: false,
      rowsDeleted: 3,
      rowsNullified: 0,
      rowsReparented: 0,
      parentsCreated: 0,
      rowsConverted: 0,
      rowsQuarantined: 3,
      open: 2,
      restored: 1,
    },
  ],
  notValid: [],
  quarantine: { ...copies, bytes: 8192, tables: [{ ...copies, bytes: 300, table: 'public.Checkouts' }] },
};

describe('the page', () => {
  it('holds nothing that its policy would have to allow beside its own style and script', () => {
    const page = pageOf({ report: report([orphans, refused]), plan: plan([cleanUp('delete', 7)]), status });
    const hash = (tag: string): string => {
      const [, text = ''] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page) ?? [];
      return `sha256-${createHash('sha256').update(text).digest('base64')}`;
    };
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy).toBe(
      `default-src 'none'; style-src '${hash('style')}'; script-src '${hash('script')}'; base-uri 'none'; form-action 'none'`,
    );
    expect(page).not.toMatch(/\s(on\w+|style|src)=/);
    expect(page).not.toMatch(/https?:\/\//);
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('says of each finding why, what is done with which SQL, what has to be decided, and how to silence it', () => {
    const page = own({ report: report([orphans, refused]), plan: plan([cleanUp('delete', 7)], [refused]) });
    for (const words of [
      '1,204 of the 9,000 rows of public.Checkouts have a &quot;userId&quot; that no row of public.Users has.',
      orphans.why,
      'Quarantine and delete: orphans of public.Checkouts (userId) (7 rows)',
      'delete from &quot;public&quot;.&quot;Checkouts&quot;\nwhere false;</pre>',
      'relations: { &#39;Fine.checkoutId&#39;: { orphans: &#39;delete&#39; } }',
      '<code>constraints: false</code>',
    ])
      expect(page).toContain(words);
  });

  it('tells the last runs, what is in the quarantine and how to put it back', () => {
    const page = own({ report: report([]), plan: plan([]), status }).replace(/\s+/g, ' ');
    expect(page).toContain(`<code>${RUN}</code>`);
    expect(page).toContain('partial; the next run goes on from it');
    expect(page).toContain('3 older runs in the ledger: <code>fk-guard status --runs 4</code>');
    expect(page).toContain('3 copies, 8.0 kB on disk.');
    expect(page).toContain(`<pre>npx fk-guard restore ${RUN}</pre>`);
  });

  it('never calls clean what nobody has looked at', () => {
    expect(own({ report: report([]) })).toContain('All 9 relations are what the models promise.');
    const { summary } = report([]);
    const nothing = own({ report: report([], { summary: { ...summary, relations: 0 } }) });
    expect(nothing).toContain('No relation was examined');
    expect(nothing).not.toContain('verdict good');
    const notMeasured = [{ relation: 'Fine.checkoutId', reason: 'unreadable' as never }];
    expect(own({ report: report([], { notMeasured }) })).toContain(
      'Not counted: Fine.checkoutId (unreadable).',
    );
  });

  it('takes no name for markup, wherever it stands', () => {
    const name = `</script></style>"><img src=x onerror='a()'>&lt;\u202e\`b\`\n`;
    const place = { schema: name, table: name, columns: [name] };
    const hostile: Finding = {
      ...refused,
      id: name,
      relation: name,
      child: place,
      parent: { ...place, table: 'x' },
      message: name,
      why: name,
      help: name,
      sampleKeys: [name],
    };
    const table: Finding = { ...unclaimed, child: place };
    const page = own({
      report: report([hostile, table], {
        database: { name, host: name, serverVersion: name },
        relations: [{ id: name, child: place, parent: { ...place, table: 'y' }, healthy: true }],
      }),
      plan: plan([{ ...cleanUp('delete', 7), because: [name], title: name }], [hostile]),
      status: {
        ...status,
        ledger: { ...status.ledger, error: { code: 'X', message: name, advice: name } },
        notValid: [{ constraint: name, child: place, parent: place, enforced: true }],
        quarantine: { ...status.quarantine, tables: [{ ...copies, bytes: 1, table: name }] },
      },
    });
    expect(page).toContain('&lt;img src=x onerror=&#39;a()&#39;&gt;&amp;lt;\\u202e');
    expect(page).not.toMatch(/<img|<\/script><\/style>|\u202e/);
  });
});

it('an arrow says without colours what is wrong: no key, orphans, both, or another key', () => {
  const missing: Finding = { ...orphans, id: 'missing', kind: 'missing-foreign-key' };
  const looks = [[orphans], [missing], [orphans, missing], [wrongAction]].map(
    (findings) => /<g class="arrow ([a-z ]+)"\s*><title>/.exec(own({ report: report(findings) }))?.[1],
  );
  expect(looks).toEqual([
    'orphans error',
    'missing unguarded error',
    'orphans unguarded error',
    'wrong warning',
  ]);
});
