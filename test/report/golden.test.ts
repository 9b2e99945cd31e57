import Ajv2020 from 'ajv/dist/2020';
import Ajv from 'ajv';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Finding } from '../../src/finding';
import { dotText } from '../../src/report/dot';
import { githubText } from '../../src/report/github';
import { jsonDocument, jsonText, reportBody } from '../../src/report/json';
import { markdownPlan, markdownReport } from '../../src/report/markdown';
import { mermaidText } from '../../src/report/mermaid';
import { sarifText } from '../../src/report/sarif';
import { scriptOf } from '../../src/script/script';
import { cleanUp, orphans, plan, refused, report, unclaimed, validate, wrongAction } from './samples';

const ROOT = resolve(__dirname, '..', '..');
const readJson = (...path: string[]): object =>
  JSON.parse(readFileSync(join(ROOT, ...path), 'utf8')) as object;
const tool = { name: 'sequelize-fk-guard', version: '0.1.0' };
const origin = ({ model }: Finding) =>
  model === undefined
    ? { file: 'fk-guard.config.ts', line: 1 }
    : { file: `models/${model.toLowerCase()}.ts`, line: 7 };

/** Names that each format would read as its own signs. */
const HOSTILE =
  'a|b`c"d\\e<b>f</b>\n::error::g,h:i%0A @octocat #1 ```` ]--> $`x` https://x.y www.z.w ##[debug]';
const hostile: Finding = {
  ...orphans,
  id: `orphaned-rows:${HOSTILE}`,
  relation: HOSTILE,
  child: { schema: HOSTILE, table: HOSTILE, columns: [HOSTILE] },
  message: `1 row of ${HOSTILE} has no parent.`,
  refusal: { code: 'KEEP', option: `relations: { ${HOSTILE} }`, message: `Not ${HOSTILE}.` },
};

const looks: Readonly<Record<string, readonly Finding[]>> = {
  healthy: [],
  broken: [orphans, wrongAction, unclaimed],
  refused: [orphans, refused],
  hostile: [hostile],
};

const script = {
  tool,
  runId: '00000000-0000-4000-8000-000000000001',
  schema: 'fk_guard',
  keepsRows: true,
  lockTimeoutMs: 2000,
};
const formats: Readonly<Record<string, (findings: readonly Finding[]) => string>> = {
  json: (findings) =>
    jsonText(
      jsonDocument('check', tool, reportBody(report(findings)), {
        startedAt: '2026-11-28T01:11:00.000Z',
        durationMs: 12,
        exitCode: findings.length > 0 ? 2 : 0,
      }),
    ),
  'github.txt': (findings) => githubText(findings, origin),
  sarif: (findings) =>
    sarifText({
      tool,
      findings,
      accepted: [{ finding: unclaimed, because: 'It goes with release 4.' }],
      origin,
    }),
  md: (findings) => markdownReport(report(findings)),
  mmd: mermaidText,
  dot: dotText,
  'plan.md': (findings) =>
    markdownPlan(plan(findings.length > 0 ? [validate, cleanUp('delete', 7)] : [], findings)),
};

/** `FK_GUARD_GOLDEN=write` writes them anew; a person has to read what changed. */
function golden(name: string, text: string): string {
  const file = join(__dirname, 'golden', name);
  if (process.env['FK_GUARD_GOLDEN'] === 'write') writeFileSync(file, text);
  return readFileSync(file, 'utf8');
}

const cases = Object.entries(looks).flatMap(([look, findings]) =>
  Object.entries(formats).map(([format, write]) => ({ name: `${look}.${format}`, findings, write })),
);

it.each(cases)('$name is as it was reviewed', ({ name, findings, write }) => {
  const text = write(findings);
  expect(text).toBe(golden(name, text));
});

it('the SQL of nothing to do is a comment', () => {
  expect(scriptOf(plan([]), script)).toBe(golden('healthy.sql', scriptOf(plan([]), script)));
});

describe('names that look like signs', () => {
  it('make no second workflow command, no property and no line', () => {
    const text = githubText([hostile], () => ({ file: HOSTILE, line: 1 }));
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(text).toMatch(/^::error file=[^:,]*,line=1,title=[^:,]*::[^\r\n]*\n$/);
  });

  it('end no fence, open no tag, mention nobody and break no table', () => {
    const text = markdownReport(report([hostile]));
    const outside = text.replace(/^(`{3,})[a-z]*\n[^]*?\n\1$/gm, '');
    expect(outside).not.toMatch(/<b>f|@octocat|#1|https:\/\/x|www\.z/);
    const texts = outside.split('\n').filter((line) => !/^(\||<summary>)/.test(line));
    expect(texts.join('\n')).not.toMatch(/(?<!\\)[`|]/);
    expect(text.match(/<details>/g)).toHaveLength(1);
  });
});

describe('a comment on a pull request', () => {
  it('fits in, and says how much it leaves out', () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({
      ...orphans,
      id: `${orphans.id}${i}`,
      relation: `Model${i}.userId`,
    }));
    const text = markdownReport(report(many));
    expect(text.length).toBeLessThanOrEqual(65_536);
    const shown = text.match(/<details>/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(50);
    expect(text).toContain(`${(2000 - shown).toLocaleString('en-US')} more findings did not fit in here`);
  });
});

describe('documents that others read', () => {
  // The schema of OASIS as SchemaStore and Microsoft publish it (MIT); ajv knows draft 4 by its words, not by its name.
  const { $schema, id, ...sarif } = readJson('test/report/schemas/sarif-2.1.0.json') as Record<
    string,
    unknown
  >;
  const isSarif = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(sarif);
  const isDocument = new Ajv2020({ strict: false }).compile(readJson('docs/schemas/document.schema.json'));

  it('are judged by the schemas that they name', () => {
    expect([$schema, id]).toEqual([
      expect.stringContaining('draft-04'),
      expect.stringContaining('sarif-2.1.0'),
    ]);
    expect(isSarif({ version: '2.1.0', runs: [{}] })).toBe(false);
    expect(isDocument({ schemaVersion: 1 })).toBe(false);
  });

  it.each(Object.entries(looks))('%s', (_, findings) => {
    const log: unknown = JSON.parse(formats['sarif']?.(findings) ?? '');
    expect({ valid: isSarif(log), errors: isSarif.errors }).toEqual({ valid: true, errors: null });
    const document: unknown = JSON.parse(formats['json']?.(findings) ?? '');
    expect({ valid: isDocument(document), errors: isDocument.errors }).toEqual({ valid: true, errors: null });
  });

  it('keep their fingerprints when rows and lines move', () => {
    const fingerprintsOf = (finding: Finding, line: number): unknown =>
      (
        JSON.parse(
          sarifText({
            tool,
            findings: [finding],
            accepted: undefined,
            origin: () => ({ file: 'a.ts', line }),
          }),
        ) as { runs: { results: { partialFingerprints: unknown }[] }[] }
      ).runs[0]?.results[0]?.partialFingerprints;
    expect(fingerprintsOf({ ...orphans, rows: 1, message: 'x' }, 3)).toEqual(fingerprintsOf(orphans, 9));
    expect(fingerprintsOf(refused, 1)).not.toEqual(fingerprintsOf(orphans, 1));
  });
});
