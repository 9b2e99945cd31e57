/** The query for partitions that have no key of their own; columns as the query lists them: `'a', 'b'`. */
export const withoutKey = (
  child: string,
  parent: string,
  onDelete: string,
  columns: string,
  ofParent: string,
): string =>
  `select part.relid::pg_catalog.regclass::pg_catalog.text as name from pg_catalog.pg_partition_tree('${child}'::pg_catalog.regclass) part where part.isleaf and part.level > 0 and not exists (select from pg_catalog.pg_partition_ancestors(part.relid) above join pg_catalog.pg_constraint con on con.conrelid = above.relid where con.contype = 'f' and con.conparentid = 0 and con.convalidated and above.relid <> '${child}'::pg_catalog.regclass and con.confrelid = '${parent}'::pg_catalog.regclass and con.confdeltype = '${onDelete}' and con.confupdtype = 'a' and con.confmatchtype = 's' and con.condeferrable = false and con.condeferred = false and array(select a.attname::pg_catalog.text from pg_catalog.unnest(con.conkey) with ordinality as k(number, position) join pg_catalog.pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.number order by k.position) = array[${columns}] and array(select a.attname::pg_catalog.text from pg_catalog.unnest(con.confkey) with ordinality as k(number, position) join pg_catalog.pg_attribute a on a.attrelid = con.confrelid and a.attnum = k.number order by k.position) = array[${ofParent}])`;
