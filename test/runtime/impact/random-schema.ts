import type { Random } from '../../generator/random';

const ACTIONS = ['cascade', 'cascade', 'cascade', 'set null', 'no action', 'restrict', 'set default'];

/** Tables with rows and keys by chance: cycles, references to themselves, composite keys, columns that keys share. */
export function randomSchema(random: Random, version: number): readonly string[] {
  const tables = Array.from({ length: 2 + random.below(5) }, (_, i) => `t${i}`);
  const rows = 20 + random.below(30);
  const columns = ['a', 'b', 'c'];
  const create = tables.map((table) => {
    const parts = columns.map((column) => `${column} int${random.chance(0.15) ? ' not null' : ''}`);
    return `create table ${table} (id int primary key, tenant int${random.chance(0.2) ? ' not null' : ''}, ${parts.join(', ')}, unique (tenant, id))`;
  });
  const fill = tables.map(
    (table) =>
      `insert into ${table} select i, 1, ${columns
        .map(() => 1 + random.below(rows))
        .map((n, at) => `1 + (i * ${7 + 4 * at} + ${n}) % ${rows}`)
        .join(', ')} from generate_series(1, ${rows}) i`,
  );
  const sparse = tables.flatMap((table) =>
    columns
      .filter(() => random.chance(0.7))
      .map((column) => ({ table, column, every: 2 + random.below(4) }))
      .map(
        ({ table: of, column, every }) =>
          `do $$ begin update ${of} set ${column} = null where id % ${every} <> 0; exception when not_null_violation then null; end $$`,
      ),
  );
  const keys = tables.flatMap((table) =>
    columns.filter(() => random.chance(0.75)).map((column) => keyOf(table, column)),
  );
  function keyOf(table: string, column: string): string {
    const parent = random.pick(tables);
    const action = random.pick(ACTIONS);
    const isPair = random.chance(0.25);
    const list =
      isPair && action.startsWith('set') && version >= 150_000 && random.chance(0.5) ? ` (${column})` : '';
    const when = random.chance(0.2) ? ' deferrable initially deferred' : '';
    const ends = isPair ? [`tenant, ${column}`, 'tenant, id'] : [column, 'id'];
    const full = isPair || random.chance(0.9) ? '' : ' match full';
    return `alter table ${table} add foreign key (${ends[0]}) references ${parent} (${ends[1]})${full} on delete ${action}${list}${when}`;
  }
  return [...create, ...fill, ...sparse, ...keys];
}
