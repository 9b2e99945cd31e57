import { createDatabase, type TestDatabase } from '../postgres/database';
import { run } from '../../src/cli/run';
import { createProject, type Project } from './program';
import { recordedIo } from './streams';

export const foreignKeys = [
  { child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' },
];

/** What the program is told beside its arguments. */
export interface Told {
  readonly env?: Readonly<Record<string, string>>;
  readonly answers?: readonly string[];
}

/** A project whose database has checkouts of three users that are gone, made anew for each test of a file. */
export interface CheckoutsProject {
  readonly database: TestDatabase;
  readonly project: Project;
  /** Runs the program in this process, without a terminal unless somebody answers. */
  fkGuard(
    argv: readonly string[],
    told?: Told,
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  configure(config: unknown): void;
  /** Rows, keys and whether there is a quarantine, by the catalog. */
  state(): ReturnType<typeof readState>;
}

/** Declares the set-up of the file that calls it. */
export function checkoutsProject(): CheckoutsProject {
  let database: TestDatabase;
  let project: Project;
  beforeAll(async () => {
    database = await createDatabase('cli');
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.query(DAMAGE);
    project = createProject({ 'fk-guard.config.json': JSON.stringify({ url: database.url, foreignKeys }) });
  });
  afterEach(() => project.remove());
  return {
    get database() {
      return database;
    },
    get project() {
      return project;
    },
    async fkGuard(argv, told = {}) {
      const io = recordedIo({ cwd: project.directory, ...told });
      const code = await run(argv, io);
      return { code, out: io.out(), err: io.err() };
    },
    configure: (config) => project.write({ 'fk-guard.config.json': JSON.stringify(config) }),
    state: () => readState(database),
  };
}

const DAMAGE = `
  drop schema if exists fk_guard cascade;
  drop table if exists checkouts, users;
  create table users (id integer primary key);
  create table checkouts (id integer primary key, user_id integer);
  create index checkouts_by_user on checkouts (user_id);
  insert into users select generate_series(1, 50);
  insert into checkouts select n, n from generate_series(1, 53) as n;`;

const readState = async (database: TestDatabase) => ({
  checkouts: (await database.query<{ n: number }>('select count(*)::integer as n from checkouts'))[0]?.n,
  keys: (
    await database.query<{ d: string }>(
      `select pg_get_constraintdef(oid) as d from pg_constraint where contype = 'f' and conrelid = 'checkouts'::regclass`,
    )
  ).map(({ d }) => d),
  quarantine: (await database.query(`select from pg_namespace where nspname = 'fk_guard'`)).length,
});

export const damaged = { checkouts: 53, keys: [], quarantine: 0 };
export const healthy = {
  checkouts: 50,
  keys: ['FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE'],
  quarantine: 1,
};
