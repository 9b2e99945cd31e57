import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

/** A session as the library has one, as far as it is needed here. */
interface Session {
  query(text: string): Promise<unknown>;
}

interface Library {
  databaseAt(url: string): unknown;
  withSession<T>(database: unknown, work: (session: Session) => Promise<T>): Promise<T>;
  transaction<T>(
    session: Session,
    access: 'read only',
    settings: readonly string[],
    work: () => Promise<T>,
  ): Promise<T>;
  readServer(session: Session): Promise<unknown>;
  readCatalog(session: Session, server: unknown): Promise<unknown>;
  readonly sessionGuards: readonly string[];
  readonly catalogSearchPath: string;
}

/** Hands on how to read a catalog, on a connection that is ready for it. */
export type CatalogReader = <T>(
  url: string,
  work: (read: () => Promise<unknown>) => Promise<T>,
) => Promise<T>;

const ROOT = resolve(__dirname, '..', '..', '..');

/** The part of the library that reads the catalog. No door leads to it alone: it is put together from its source. */
export async function withCatalogReader<T>(work: (reader: CatalogReader) => Promise<T>): Promise<T> {
  const { build } = await import('rolldown');
  // Below the project, where `pg` is found.
  const dir = mkdtempSync(join(ROOT, 'build', 'catalog-'));
  try {
    await build({
      cwd: ROOT,
      input: ['src/db.ts', 'src/catalog/server.ts', 'src/catalog/session-guards.ts', 'src/catalog/read.ts'],
      platform: 'node',
      external: /^(?![./])/,
      output: { dir, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
    });
    const load = createRequire(join(dir, 'index.cjs'));
    const files = ['db', 'server', 'session-guards', 'read'].map((name): unknown => load(`./${name}.cjs`));
    return await work(readerOf(Object.assign({}, ...files) as Library));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const readerOf =
  (library: Library): CatalogReader =>
  (url, work) =>
    library.withSession(library.databaseAt(url), (session) =>
      library.transaction(session, 'read only', library.sessionGuards, async () => {
        const server = await library.readServer(session);
        await session.query(library.catalogSearchPath);
        return work(() => library.readCatalog(session, server));
      }),
    );
