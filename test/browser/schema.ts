import type { TestDatabase } from '../postgres/database';

/** Words of which names of tables are made. */
const WORDS = [
  ['order', 'invoice', 'payment', 'customer', 'basket', 'voucher', 'refund', 'return', 'carrier', 'parcel'],
  ['', 'line', 'event', 'note', 'label', 'rule', 'batch', 'audit', 'setting', 'archive'],
] as const;
const SCHEMAS = ['public', 'sales', 'stock', 'people'];

interface Declared {
  readonly child: string;
  readonly parent: string;
  readonly onDelete: 'CASCADE';
}

/** The name of the n-th table; the tables of a tenth share their schema. */
function nameOf(n: number, tables: number): string {
  const schema = SCHEMAS[Math.floor((n * SCHEMAS.length) / tables)] ?? 'public';
  const words = [WORDS[0][n % 10], WORDS[1][Math.floor(n / 10) % 10]].filter((word) => word !== '');
  return `${schema}.${words.join('_')}${n >= 100 ? `_${Math.floor(n / 100) + 1}` : ''}`;
}

/** What is the matter with the n-th key. */
function damageOf(n: number, every: number): 'missing' | 'orphans' | 'wrong' | 'none' {
  if (n % every !== 0) return 'none';
  return (['orphans', 'missing', 'wrong'] as const)[(n / every) % 3] ?? 'none';
}

/**
 * Makes tables that hang together as they do in applications: a tree, a hub that many point at, tables that point at
 * themselves, two keys between the same two tables; one key in `every` has something wrong. Returns the keys as they
 * are declared.
 */
export async function createSchema(
  database: TestDatabase,
  tables: number,
  every: number,
): Promise<readonly Declared[]> {
  const keys: Declared[] = [];
  const statements = SCHEMAS.map((schema) => `create schema if not exists ${schema}`);
  const names = Array.from({ length: tables }, (_, n) => nameOf(n, tables));
  for (const [n, name] of names.entries()) {
    statements.push(`create table ${name} (id integer primary key)`, `insert into ${name} values (1), (2)`);
    for (const [column, parent] of parentsOf(n)) {
      const at = names[parent] ?? name;
      keys.push({ child: `${name}(${column})`, parent: `${at}(id)`, onDelete: 'CASCADE' });
      const damage = damageOf(keys.length, every);
      statements.push(`alter table ${name} add ${column} integer`);
      if (n % 11 !== 4) statements.push(`create index on ${name} (${column})`);
      if (damage === 'orphans') statements.push(`update ${name} set ${column} = 77 where id = 1`);
      if (damage === 'none' || damage === 'wrong')
        statements.push(
          `alter table ${name} add foreign key (${column}) references ${at} on update cascade ${damage === 'none' ? 'on delete cascade' : 'on delete set null'}`,
        );
    }
  }
  await database.query(statements.join(';\n'));
  return keys;
}

function parentsOf(n: number): readonly (readonly [column: string, parent: number])[] {
  if (n === 0) return [];
  return [
    // Its own group, so that not everything hangs together.
    n % 7 === 5 ? (['previous_id', n] as const) : (['parent_id', Math.floor((n - 1) / 3)] as const),
    ...(n % 9 === 3 ? [['created_by', 0] as const, ['changed_by', 0] as const] : []),
    ...(n % 10 === 2 ? [['root_id', n] as const, ['copy_of_id', n] as const] : []),
  ];
}
