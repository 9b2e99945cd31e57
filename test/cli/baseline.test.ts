import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judged } from '../../src/cli/commands/check';
import type { Flags } from '../../src/cli/flags';
import type { Finding } from '../../src/finding';
import { plain } from '../../src/report/paint';
import { orphans, refused, report, unclaimed, wrongAction } from '../report/samples';
import { recordedIo } from './streams';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fk-guard-baseline-'));
  file = join(folder, 'baseline.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function check(findings: readonly Finding[], more: Partial<Flags> = {}) {
  const flags: Flags = { format: 'text', color: false, baseline: 'baseline.json', ...more };
  const result = await judged({ flags, io: recordedIo({ cwd: folder }) }, async () => report(findings));
  return {
    code: result.exitCode,
    text: result.text(plain),
    fresh: result.checked?.fresh.map(({ id }) => id),
    baseline: result.body['baseline'],
  };
}
const accept = (findings: readonly Finding[], because: string | undefined = 'It goes with release 4.') =>
  check(findings, { writeBaseline: true, ...(because !== undefined && { because }) });

describe('a baseline', () => {
  it('accepts what was found, and only that', async () => {
    expect(await accept([orphans, unclaimed])).toMatchObject({ code: 0, fresh: [] });
    const again = await check([orphans, unclaimed]);
    expect(again).toMatchObject({ code: 0, fresh: [] });
    expect(again.text).toContain('Nothing new: 9 relations examined.');
    expect(again.text).toContain('Accepted by the baseline: 2 findings.');
    const fresh = await check([orphans, unclaimed, refused]);
    expect(fresh).toMatchObject({ code: 2, fresh: [refused.id] });
    expect(fresh.text).not.toContain(orphans.message);
  });

  it('names what has vanished, and lets fewer rows pass', async () => {
    await accept([orphans, unclaimed]);
    const fewer = await check([{ ...orphans, rows: 3, message: '3 of the 9,000 rows have no parent.' }]);
    expect(fewer).toMatchObject({ code: 0, fresh: [] });
    expect(fewer.text).toContain(`In the baseline and gone: ${unclaimed.id}.`);
  });

  it.each([
    ['more rows', { ...orphans, rows: 1205 }, 'accepted with 1204 rows, has 1,205 now'],
    ['a worse word', { ...wrongAction, severity: 'error' as const }, 'accepted as warning, is error now'],
    ['rows that nobody counted', { ...wrongAction, rows: 5 }, 'its rows cannot be compared'],
    [
      'something else at the same place',
      { ...wrongAction, message: 'The key says CASCADE.' },
      'says something else',
    ],
    [
      'another parent',
      { ...wrongAction, parent: { schema: 'public', table: 'X', columns: ['id'] } },
      'something else',
    ],
  ])('never silences what got worse: %s', async (_, now, why) => {
    await accept([orphans, wrongAction]);
    const worse = await check([now], { failOn: 'warning' });
    expect(worse).toMatchObject({ code: 2, fresh: [now.id] });
    expect(worse.text.replace(/\s+/g, ' ')).toContain(why);
  });

  it('wants a reason for each finding, keeps the old ones, and lets them be edited', async () => {
    await expect(check([orphans], { writeBaseline: true })).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 64,
    });
    await accept([orphans], 'first');
    writeFileSync(file, readFileSync(file, 'utf8').replace('first', 'edited by a person'));
    await accept([orphans, unclaimed], 'second');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      fkGuardBaseline: 1,
      findings: [
        { id: orphans.id, rows: 1204, because: 'edited by a person' },
        { id: unclaimed.id, because: 'second' },
      ],
    });
    expect(await accept([orphans, unclaimed], undefined)).toMatchObject({ code: 0 });
  });

  it('holds no value of a row', async () => {
    await accept([{ ...orphans, sampleKeys: ['secret-key'], message: 'The value secret-value is wrong.' }]);
    expect(readFileSync(file, 'utf8')).not.toMatch(/secret/);
  });

  it('is not written from a look at nothing', async () => {
    const flags: Flags = { format: 'text', color: false, baseline: file, writeBaseline: true, because: 'x' };
    const nothing = report([], {
      summary: { tables: 0, relations: 0, healthy: 0, orphanRows: 0, errors: 0, warnings: 0, infos: 0 },
    });
    const result = await judged({ flags, io: recordedIo({ cwd: folder }) }, async () => nothing);
    expect(result.exitCode).toBe(2);
    expect(() => readFileSync(file)).toThrow(/ENOENT/);
  });
});

describe('what is no baseline is refused before anything is looked at', () => {
  const changed = (change: (text: string) => string) => (): void =>
    writeFileSync(file, change(readFileSync(file, 'utf8')));

  it.each([
    ['no file', () => rmSync(file), /no such file/],
    ['a directory', () => (rmSync(file), mkdirSync(file)), /it is a directory/],
    ['100 MB', () => truncateSync(file, 100 * 1024 * 1024), /is larger than/],
    ['nothing', () => writeFileSync(file, ''), /is not JSON/],
    ['no JSON', () => writeFileSync(file, '\u0000{'), /is not JSON/],
    ['null', () => writeFileSync(file, 'null'), /"fkGuardBaseline" is missing/],
    ['something else', () => writeFileSync(file, '{"findings":[]}'), /"fkGuardBaseline" is missing/],
    [
      'another version',
      changed((text) => text.replace('"fkGuardBaseline": 1', '"fkGuardBaseline": 2')),
      /another version \(2\)/,
    ],
    ['more rows allowed', changed((text) => text.replace('"rows": 1204', '"rows": 999999')), /was edited/],
    [
      'a milder severity',
      changed((text) => text.replace('"severity": "error"', '"severity": "info"')),
      /was edited/,
    ],
    ['another finding', changed((text) => text.replace('Checkouts', 'Fines')), /was edited/],
    ['no reason', changed((text) => text.replace('It goes with release 4.', ' ')), /gives no reason/],
    [
      'a field more',
      changed((text) => text.replace('"kind"', '"ignore": true, "kind"')),
      /is missing or wrong/,
    ],
    ['negative rows', changed((text) => text.replace('1204', '-1')), /is missing or wrong/],
    ['half of it', changed((text) => text.slice(0, 100)), /is not JSON/],
  ])('%s', async (_, spoil, message) => {
    await accept([orphans]);
    spoil();
    const look = jest.fn(async () => report([]));
    const flags: Flags = { format: 'text', color: false, baseline: file };
    const refusal = judged({ flags, io: recordedIo({ cwd: folder }) }, look);
    await expect(refusal).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringMatching(message) as string,
    });
    expect(look).not.toHaveBeenCalled();
  });

  it('is not written over either', async () => {
    writeFileSync(file, 'my notes');
    await expect(accept([orphans])).rejects.toMatchObject({ code: 'CONFIG' });
    expect(readFileSync(file, 'utf8')).toBe('my notes');
  });
});
