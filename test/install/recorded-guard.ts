import { Sequelize, type ModelStatic, type Model, type Options } from 'sequelize';
import type { SyncScope } from '../../src/sync/port';
import type { ModelLike, SequelizeLike } from '../../src/model/sequelize-like';
import type { Relation } from '../../src/expected';
import { wrapSync, type SyncGuard } from '../../src/sync/wrapper';
import type { TestDatabase } from '../postgres/database';

/** What the wrapper asked of the guard, in order. */
export interface Recording {
  /** `begin *`, `begin Book`, `finish true` … */
  readonly calls: string[];
  readonly scopes: SyncScope[];
  readonly warnings: string[];
  readonly uninstall: () => void;
}

export interface Behaviour extends Partial<SyncGuard> {
  /** `Model.attribute` of what the guard creates itself; `'all'` is every attribute with references. */
  readonly owned?: readonly string[] | 'all';
  readonly onBegin?: (scope: SyncScope) => unknown;
  readonly onFinish?: (succeeded: boolean) => unknown;
}

/** The wrapper with a guard behind it that only writes down what it is asked. */
export function recordGuard(sequelize: Sequelize, behaviour: Behaviour = {}): Recording {
  const instance = sequelizeLike(sequelize);
  const calls: string[] = [];
  const scopes: SyncScope[] = [];
  const warnings: string[] = [];
  const uninstall = wrapSync(instance, {
    mode: behaviour.mode ?? (() => 'repair'),
    warn: (message) => warnings.push(message),
    async begin(scope) {
      const name = `${scope.models?.join(',') ?? '*'}${scope.schema === undefined ? '' : `@${scope.schema}`}`;
      calls.push(`begin ${name}`);
      scopes.push(scope);
      await behaviour.onBegin?.(scope);
      return {
        owned: relations(instance, behaviour.owned ?? 'all'),
        async finish(succeeded) {
          calls.push(`finish ${succeeded}`);
          await behaviour.onFinish?.(succeeded);
          return undefined;
        },
      };
    },
  });
  return { calls, scopes, warnings, uninstall };
}

/** Sequelize's own typings hide what the guard touches. */
export const sequelizeLike = (sequelize: Sequelize): SequelizeLike => sequelize as unknown as SequelizeLike;

/** `sequelize.define` without timestamps. */
export const define = (
  sequelize: Sequelize,
  name: string,
  attributes: object,
  options: object = {},
): ModelStatic<Model> => sequelize.define(name, attributes as never, { timestamps: false, ...options });

export const connect = (database: TestDatabase, options: Options = {}): Sequelize =>
  new Sequelize(database.url, { logging: false, ...options });

/** The application's foreign keys by PostgreSQL's own words: `"Books": FOREIGN KEY (…) … `. */
export async function foreignKeys(database: TestDatabase): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    `select conrelid::regclass || ': ' || pg_get_constraintdef(oid) as line from pg_constraint
      where contype = 'f' and connamespace <> coalesce(to_regnamespace('fk_guard'), 0) order by 1`,
  );
  return rows.map((row) => row.line);
}

/** `column type [not null]` of one table. */
export async function columns(database: TestDatabase, table: string): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    `select attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end as line
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  return rows.map((row) => row.line);
}

function relations(sequelize: SequelizeLike, owned: readonly string[] | 'all'): Relation[] {
  return sequelize.modelManager.models.flatMap((model) =>
    Object.entries(model.rawAttributes)
      .filter(
        ([name, attribute]) =>
          attribute.references && (owned === 'all' || owned.includes(`${model.name}.${name}`)),
      )
      .map(([name, attribute]) => relation(model, name, attribute.field ?? name)),
  );
}

function relation(model: ModelLike, attribute: string, column: string): Relation {
  const onDelete = { resolved: 'CASCADE', explicit: [] } as const;
  return {
    id: `${model.name}.${attribute}`,
    model: model.name,
    attribute,
    child: { name: model.getTableName() as string },
    childColumns: [column],
    parent: { name: 'unused' },
    parentColumns: ['id'],
    onDelete,
    onUpdate: onDelete,
    declarations: [],
  };
}
