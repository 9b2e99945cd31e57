import { DataTypes, Sequelize } from 'sequelize';
import { escapeIdentifier } from 'pg';
import { installFkGuard } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { silent } from '../quarantine/setup';
import type { NameSet } from './name-sets';

/** What Sequelize itself takes out of a name or for its own notation. */
const tame = (name: string): string => name.replaceAll(/[.`"]/g, '_');

/** `sync()` of two models and the repair between them, by a role of its own, under each of the sets. */
export function syncsUnder(sets: readonly NameSet[]): void {
  let database: TestDatabase;
  let role: string;
  beforeEach(async () => (database = await createDatabase('hostile_sync')));
  afterEach(async () => {
    await database.query(
      `drop owned by ${escapeIdentifier(role)} cascade; drop role ${escapeIdentifier(role)}`,
    );
    await database.drop();
  });

  test.each(sets)(
    'sync() under a guard, models, tables, columns and the role named with $title',
    async (set) => {
      // Roles are of the whole cluster, and the name has to be this test's own.
      role = `${set.name(9, 6)}${database.name.slice(-6)}`;
      const [parentName, childName, column] = [1, 2, 3].map((n) => tame(set.name(n, 0)));
      if (!parentName || !childName || !column) throw new Error('no names');
      const [p, c, k, r] = [parentName, childName, column, role].map(escapeIdentifier);
      await database.query(`
      create table victim (id integer); insert into victim values (1);
      create role ${r} login password 'x';
      grant create on database "${database.name}" to ${r}; grant create, usage on schema public to ${r};
      set role ${r};
      create table ${p} (id integer primary key);
      create table ${c} (id integer primary key, ${k} integer);
      insert into ${p} select i from generate_series(1, 30) i;
      insert into ${c} select i, i from generate_series(1, 32) i;
      reset role`);
      const { hostname, port, pathname } = new URL(database.url);
      const open = () =>
        new Sequelize({
          dialect: 'postgres',
          host: hostname,
          port: Number(port),
          database: pathname.slice(1),
          username: role,
          password: 'x',
          logging: false,
          define: { timestamps: false, freezeTableName: true },
        });
      const id = () => ({ type: DataTypes.INTEGER, primaryKey: true });
      const defineIn = (sequelize: Sequelize) =>
        [
          sequelize.define(parentName, { id: id() }),
          sequelize.define(childName, { id: id(), [column]: { type: DataTypes.INTEGER } }),
        ] as const;
      const plain = open();
      defineIn(plain);
      const itself = await plain.sync().then(
        () => undefined,
        (error: Error) => `${error.name}: ${error.message}`,
      );
      await plain.close();
      const sequelize = open();
      const guard = installFkGuard(sequelize, { logger: silent, indexes: 'create' });
      const [parent, child] = defineIn(sequelize);
      parent.hasMany(child, { foreignKey: column, onDelete: 'CASCADE' });
      try {
        // Names that Sequelize itself cannot sync by: then its own error comes, and the guard by itself can do it all.
        for (const status of ['repaired', 'clean']) {
          const error = await sequelize.sync().then(
            () => undefined,
            (thrown: Error) => `${thrown.name}: ${thrown.message}`,
          );
          expect(error).toBe(itself);
          if (itself !== undefined) await guard.run();
          expect(guard.lastOutcome).toMatchObject({ status, remaining: [] });
        }
        expect(
          await database.query(
            `select (select count(*)::int from victim) as victims, (select count(*)::int from ${p}) as parents, (select count(*)::int from ${c}) as children,
                  (select count(*)::int from fk_guard.quarantine where table_name = $1) as copies, (select role from fk_guard.run limit 1) as role`,
            [childName],
          ),
        ).toEqual([{ victims: 1, parents: 30, children: 30, copies: 2, role }]);
        const keys = await database.query<{ ok: boolean }>(
          `select convalidated and confdeltype = 'c' and conrelid = $1::regclass and confrelid = $2::regclass as ok from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
          [c, p],
        );
        expect(keys).toEqual([{ ok: true }]);
      } finally {
        await sequelize.close();
      }
    },
  );
}
