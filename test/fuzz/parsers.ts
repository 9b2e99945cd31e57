import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ageOf } from '../../src/age';
import { loadConfig } from '../../src/cli/config';
import { requirePostgres } from '../../src/cli/connection-string';
import { readPlanFile } from '../../src/cli/plan-file';
import { createGuard, FkGuardError, type ErrorCode } from 'sequelize-fk-guard';
import { milliseconds } from '../../src/duration';
import { matchesGlob } from '../../src/glob';
import { parseKeyPlace } from '../../src/model/key-place';
import { parsePlan } from '../../src/reviewed-plan';
import { cleanUp, plan, refused, validate } from '../report/samples';
import { bytes, mutated } from './mutated';

const PLAN: unknown = JSON.parse(JSON.stringify(plan([validate, cleanUp('delete', 7)], [refused])));
const CONFIG = {
  url: 'postgres://a@h/d',
  foreignKeys: [{ child: 'public.c(a,b)', parent: 'public.p(x,y)', onDelete: 'CASCADE' }],
  options: { mode: 'check', relations: { 'public.c.a,b': { orphans: 'keep' } }, limits: { rows: 1 } },
};

/** The codes that such a mistake may have; anything else is nobody's message. */
function refuses(work: () => unknown, codes: readonly ErrorCode[]): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (error instanceof FkGuardError && codes.includes(error.code)) return true;
    throw error;
  }
}

/** Throws all sorts of things at whatever reads what people and programs write. */
export function fuzzParsers(numRuns: number, seed?: number): void {
  const seeded = seed === undefined ? {} : { seed };
  let file: string;
  beforeAll(() => void (file = join(mkdtempSync(join(tmpdir(), 'fk-guard-fuzz-')), 'fk-guard.config.json')));
  afterAll(() => rmSync(join(file, '..'), { recursive: true }));

  describe(`${numRuns} plans`, () => {
    it('are refused, unless nothing was changed', () => {
      fc.assert(
        fc.property(mutated(PLAN), (value) => {
          expect(refuses(() => parsePlan(value), ['PLAN_INVALID'])).toBe(!isDeepStrictEqual(value, PLAN));
        }),
        { numRuns, ...seeded },
      );
    });

    it('in files of any bytes too', () => {
      fc.assert(
        fc.property(bytes(PLAN), (content) => {
          writeFileSync(file, content);
          expect(refuses(() => readPlanFile(file), ['PLAN_INVALID'])).toBe(true);
        }),
        { numRuns, ...seeded },
      );
    });
  });

  describe(`${numRuns} configurations`, () => {
    const CODES: readonly ErrorCode[] = ['CONFIG', 'OPTIONS', 'NO_MODELS', 'UNSUPPORTED_DIALECT'];
    const open = (config: unknown): unknown =>
      createGuard(config as never, (config as { readonly options?: never } | null)?.options);

    it('make a guard, or say what is wrong with them', () => {
      fc.assert(
        fc.property(mutated(CONFIG), (value) => {
          refuses(() => open(value), CODES);
        }),
        { numRuns, ...seeded },
      );
      expect(Object.keys(Object.prototype)).toEqual([]);
    });

    it('in files of any bytes too', async () => {
      await fc.assert(
        fc.asyncProperty(bytes(CONFIG), async (content) => {
          writeFileSync(file, content);
          const config = await loadConfig({ config: file }, '/').catch((error: unknown) => error);
          if (config instanceof Error) expect(config).toMatchObject({ name: 'FkGuardError', code: 'CONFIG' });
        }),
        { numRuns, ...seeded },
      );
    });
  });

  describe(`${numRuns} words`, () => {
    const words = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[0-9.eE+-]*\s?(ms|s|min|m|h|d)?$/),
    );
    const places = fc.oneof(words, fc.stringMatching(/^["a.(),\s]*$/));

    it('are durations, or are not', () => {
      fc.assert(
        fc.property(words, (text) => {
          const value = milliseconds(text);
          expect(value === undefined || value >= 0).toBe(true);
          expect(ageOf(text) ?? 1).toBeLessThanOrEqual(100 * 365 * 86_400_000);
        }),
        { numRuns, ...seeded },
      );
    });

    it('are keys, or are not, and a key says what it said', () => {
      fc.assert(
        fc.property(places, (text) => {
          const place = parseKeyPlace(text);
          if (!place) return;
          const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
          const { table, columns } = place;
          const names = [...(table.schema === undefined ? [] : [table.schema]), table.name]
            .map(quoted)
            .join('.');
          expect(parseKeyPlace(`${names}(${columns.map(quoted).join()})`)).toEqual(place);
        }),
        { numRuns, ...seeded },
      );
    });

    it('are addresses, or are not, and are never repeated', () => {
      fc.assert(
        fc.property(
          fc.oneof(
            words,
            fc.webUrl(),
            words.map((text) => `postgres://u:${text}@h/d`),
          ),
          (url) => {
            try {
              requirePostgres({ url, from: 'the configuration' });
            } catch (error) {
              if (!(error instanceof FkGuardError)) throw error;
              if (url.length > 20) expect(error.message).not.toContain(url);
            }
          },
        ),
        { numRuns, ...seeded },
      );
    });

    it('are patterns that fit themselves', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => {
          expect(matchesGlob(text, text)).toBe(true);
          expect(matchesGlob(text, '*')).toBe(true);
        }),
        { numRuns, ...seeded },
      );
    });
  });
}
