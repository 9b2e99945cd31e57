-- Written by sequelize-fk-guard 0.1.0 for the database library (PostgreSQL 18).
-- Run it with psql, in a session of its own and not through a pooler: psql -X -f <this file>
-- It stops at the first error; what was committed stays and is in the ledger. After a stop make a new plan: this script
-- is for the state of the database that it was made from, and refuses what has grown or changed since.

\set ON_ERROR_STOP on
\set AUTOCOMMIT on
\set ON_ERROR_ROLLBACK off
\set SINGLELINE off

-- A lock is not waited for long: whoever comes after would have to wait as well.
set client_encoding = 'UTF8';
set standard_conforming_strings = on;
set lock_timeout = 10000;
set statement_timeout = 0;
set idle_in_transaction_session_timeout = 60000;
set default_transaction_isolation = 'read committed';
set row_security = off;
set search_path = pg_catalog, pg_temp;
set application_name = 'fk-guard';
select case when pg_catalog.current_setting('datestyle', true) is not null then pg_catalog.set_config('datestyle', 'ISO, YMD', false) end, case when pg_catalog.current_setting('intervalstyle', true) is not null then pg_catalog.set_config('intervalstyle', 'postgres', false) end, case when pg_catalog.current_setting('extra_float_digits', true) is not null then pg_catalog.set_config('extra_float_digits', '3', false) end, case when pg_catalog.current_setting('timezone', true) is not null then pg_catalog.set_config('timezone', 'UTC', false) end, case when pg_catalog.current_setting('lc_monetary', true) is not null then pg_catalog.set_config('lc_monetary', 'C', false) end, case when pg_catalog.current_setting('bytea_output', true) is not null then pg_catalog.set_config('bytea_output', 'hex', false) end, case when pg_catalog.current_setting('array_nulls', true) is not null then pg_catalog.set_config('array_nulls', 'on', false) end, case when pg_catalog.current_setting('xmloption', true) is not null then pg_catalog.set_config('xmloption', 'content', false) end, case when pg_catalog.current_setting('quote_all_identifiers', true) is not null then pg_catalog.set_config('quote_all_identifiers', 'off', false) end;
do $fk_guard$
begin
  if pg_catalog.current_database() operator(pg_catalog.<>) 'library' then raise exception using message = 'This script is for the database library.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if pg_catalog.pg_is_in_recovery() then raise exception using message = 'This server is a standby.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if not pg_catalog.pg_try_advisory_lock(6712167, 1) or not pg_catalog.pg_try_advisory_lock(6712167, 2) then raise exception using message = 'A guard is at work on this database.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if pg_catalog.current_setting('session_replication_role') operator(pg_catalog.<>) 'origin' or pg_catalog.current_setting('zero_damaged_pages')::pg_catalog.bool or pg_catalog.current_setting('ignore_checksum_failure')::pg_catalog.bool then raise exception using message = 'This session checks no keys, or reads damaged pages as empty.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
end
$fk_guard$;

-- The ledger, as fk-guard makes it: fk-guard status and fk-guard restore know this run.
begin;
do $fk_guard$
begin
  if pg_catalog.to_regnamespace('"fk_guard"') is null then create schema "fk_guard"; end if;
end
$fk_guard$;
create table if not exists "fk_guard".run (
    id uuid primary key,
    resumes uuid references "fk_guard".run (id),
    origin text,
    started_at timestamptz not null default pg_catalog.now(),
    finished_at timestamptz,
    status text not null default 'running',
    role text not null default current_user,
    figures jsonb not null default '{}');
create table if not exists "fk_guard".step (
    run_id uuid not null references "fk_guard".run (id),
    id text not null,
    title text not null,
    change jsonb not null,
    sql text not null,
    status text not null,
    rows bigint not null,
    duration_ms bigint not null,
    finished_at timestamptz not null default pg_catalog.clock_timestamp(),
    undone_at timestamptz,
    primary key (run_id, id));
create table if not exists "fk_guard".quarantine (
    id bigint generated always as identity primary key,
    run_id uuid not null,
    step text not null,
    batch integer not null,
    action text not null check (action in ('delete', 'change')),
    level integer not null,
    via text,
    table_schema text not null,
    table_name text not null,
    changed_columns text[] not null default '{}',
    given jsonb,
    row_data jsonb not null,
    source_oid oid not null,
    source_ctid tid not null,
    taken_at timestamptz not null default pg_catalog.clock_timestamp(),
    restored_at timestamptz,
    unique (run_id, step, batch, source_oid, source_ctid));
do U&'begin\000a    if not exists (select from pg_catalog.pg_attribute a where a.attrelid = ''"fk_guard".quarantine''::pg_catalog.regclass and a.attname = ''given'') then\000a      alter table "fk_guard".quarantine add column given jsonb;\000a    end if;\000a  end';
do $fk_guard$
declare
  runs pg_catalog.regclass := '"fk_guard".run';
  copies pg_catalog.regclass := '"fk_guard".quarantine';
  own_copies boolean := (select pg_catalog.pg_has_role(c.relowner, 'USAGE') from pg_catalog.pg_class c where c.oid = copies);
  has_key boolean := exists (select from pg_catalog.pg_constraint k where k.conrelid = copies and k.conname = 'quarantine_run_id_fkey' and k.contype = 'f');
  made bigint; acting bigint;
begin
  select pg_catalog.count(*), pg_catalog.count(*) filter (where t.tgenabled in ('O', 'A')) from pg_catalog.pg_trigger t
   where t.tgrelid = runs and t.tgname in ('fk_guard_restrict_run', 'fk_guard_restrict_runs') and not t.tgisinternal into made, acting;
  if (made = 0 and pg_catalog.has_table_privilege(runs, 'TRIGGER')) or (acting = 2 and has_key and own_copies) then
    begin
      if made = 0 then
        if pg_catalog.to_regprocedure('"fk_guard".fk_guard_restrict_run()') is null then
    create function "fk_guard".fk_guard_restrict_run() returns trigger language plpgsql
      set search_path = pg_catalog, pg_temp set row_security = off as $restrict$
    declare
      which text; copies bigint; is_running boolean;
    begin
      if tg_op = 'UPDATE' then
        if new.id = old.id then return new; end if;
      end if;
      if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
        raise exception using errcode = 'invalid_transaction_state',
          message = 'A run of the guard is taken away under READ COMMITTED only: this transaction may not see its newest copies.',
          hint = 'Begin with begin isolation level read committed.';
      end if;
      if tg_op = 'TRUNCATE' then
        which := 'A run';
        execute format('select exists (select from %I.run where status = $1)', tg_table_schema) into is_running using 'running';
        execute format('select count(*) from %I.quarantine', tg_table_schema) into copies;
      else
        which := format('The run %s', old.id);
        is_running := old.status = 'running';
        execute format('select count(*) from %I.quarantine where run_id = $1', tg_table_schema) into copies using old.id;
      end if;
      if is_running then
        raise exception using errcode = 'foreign_key_violation', schema = tg_table_schema, table = tg_table_name,
          message = format('%s is at work: more copies may be on their way to %I.quarantine.', which, tg_table_schema),
          hint = 'Wait until it has ended. Where its process has died, the next run says so in its status.';
      elsif copies > 0 then
        raise exception using errcode = 'foreign_key_violation', schema = tg_table_schema, table = tg_table_name,
          message = format('%s has copies in %I.quarantine (%s), which may be the only ones.', which, tg_table_schema, copies),
          hint = 'Take the copies away first: fk-guard purge --older-than <age>.';
      end if;
      if tg_op = 'DELETE' then return old; end if;
      return new;
    end
    $restrict$;
        end if;
        create trigger fk_guard_restrict_run before delete or update of id on "fk_guard".run
          for each row execute function "fk_guard".fk_guard_restrict_run();
        create trigger fk_guard_restrict_runs before truncate on "fk_guard".run
          for each statement execute function "fk_guard".fk_guard_restrict_run();
      end if;
      if has_key and own_copies then alter table "fk_guard".quarantine drop constraint quarantine_run_id_fkey; end if;
    exception when lock_not_available or deadlock_detected then
      if not has_key then raise; end if;
    end;
  elsif made = 0 and own_copies and not has_key then
    alter table "fk_guard".quarantine add constraint quarantine_run_id_fkey foreign key (run_id) references "fk_guard".run (id);
  end if;
end
$fk_guard$;
update "fk_guard".run set status = 'interrupted', finished_at = pg_catalog.now() where status = 'running';
insert into "fk_guard".run (id, origin, resumes) values ('00000000-0000-4000-8000-000000000001', 'psql', (
  select case when r.status in ('running', 'interrupted', 'partial') or r.figures ? 'limited' then r.id
              when not r.figures ? 'taken' and not exists (select from "fk_guard".quarantine q where q.run_id = r.id) then r.resumes end
    from "fk_guard".run r order by r.started_at desc limit 1));
commit;

-- Step 1: Fence: add checkouts_user_id_fkey to public.checkouts, ON DELETE CASCADE, NOT VALID
begin;
lock table "public"."users" in share row exclusive mode;
alter table "public"."checkouts" add constraint "checkouts_user_id_fkey" foreign key ("user_id") references "public"."users" ("id") on delete cascade on update no action not valid;
insert into "fk_guard".step (run_id, id, title, change, sql, status, rows, duration_ms)
values ('00000000-0000-4000-8000-000000000001', '1', 'Fence: add checkouts_user_id_fkey to public.checkouts, ON DELETE CASCADE, NOT VALID', '{"op":"add-foreign-key","key":{"name":"checkouts_user_id_fkey","child":{"schema":"public","name":"checkouts"},"childColumns":["user_id"],"parent":{"schema":"public","name":"users"},"parentColumns":["id"],"onDelete":"CASCADE","onUpdate":"NO ACTION"}}', U&'lock table "public"."users" in share row exclusive mode;\000aalter table "public"."checkouts" add constraint "checkouts_user_id_fkey" foreign key ("user_id") references "public"."users" ("id") on delete cascade on update no action not valid', 'done', (select pg_catalog.count(*) from "fk_guard".quarantine q where q.run_id = '00000000-0000-4000-8000-000000000001' and q.step = '1'), 0);
commit;

-- Step 2: Quarantine and delete: orphans of public.checkouts (user_id) (at most 1 row)
-- In batches, a transaction each: locks, looks, copies into the quarantine, and only then the rows.
do $fk_guard$
#variable_conflict use_variable
declare
  row_text text; below record; listed bigint; here bigint; copied bigint; gone bigint; total bigint := 0;
  before bigint; is_below boolean; this_batch integer := 0; idle integer := 0;
begin
  loop
    execute 'select case when pg_catalog.current_setting(''lock_timeout'', true) is not null then pg_catalog.set_config(''lock_timeout'', ''10000'', true) end, case when pg_catalog.current_setting(''statement_timeout'', true) is not null then pg_catalog.set_config(''statement_timeout'', ''0'', true) end, case when pg_catalog.current_setting(''idle_in_transaction_session_timeout'', true) is not null then pg_catalog.set_config(''idle_in_transaction_session_timeout'', ''60000'', true) end, case when pg_catalog.current_setting(''transaction_timeout'', true) is not null then pg_catalog.set_config(''transaction_timeout'', ''0'', true) end, case when pg_catalog.current_setting(''row_security'', true) is not null then pg_catalog.set_config(''row_security'', ''off'', true) end, case when pg_catalog.current_setting(''search_path'', true) is not null then pg_catalog.set_config(''search_path'', ''pg_catalog, pg_temp'', true) end, case when pg_catalog.current_setting(''application_name'', true) is not null then pg_catalog.set_config(''application_name'', ''fk-guard'', true) end';
execute 'select case when pg_catalog.current_setting(''datestyle'', true) is not null then pg_catalog.set_config(''datestyle'', ''ISO, YMD'', true) end, case when pg_catalog.current_setting(''intervalstyle'', true) is not null then pg_catalog.set_config(''intervalstyle'', ''postgres'', true) end, case when pg_catalog.current_setting(''extra_float_digits'', true) is not null then pg_catalog.set_config(''extra_float_digits'', ''3'', true) end, case when pg_catalog.current_setting(''timezone'', true) is not null then pg_catalog.set_config(''timezone'', ''UTC'', true) end, case when pg_catalog.current_setting(''lc_monetary'', true) is not null then pg_catalog.set_config(''lc_monetary'', ''C'', true) end, case when pg_catalog.current_setting(''bytea_output'', true) is not null then pg_catalog.set_config(''bytea_output'', ''hex'', true) end, case when pg_catalog.current_setting(''array_nulls'', true) is not null then pg_catalog.set_config(''array_nulls'', ''on'', true) end, case when pg_catalog.current_setting(''xmloption'', true) is not null then pg_catalog.set_config(''xmloption'', ''content'', true) end, case when pg_catalog.current_setting(''quote_all_identifiers'', true) is not null then pg_catalog.set_config(''quote_all_identifiers'', ''off'', true) end';
if not exists (select from pg_catalog.pg_locks l where l.locktype = 'advisory' and l.pid = pg_catalog.pg_backend_pid()
          and l.granted and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
          and l.classid = 6712167 and l.objid = 1)
          or not exists (select from "fk_guard".run r where r.id = '00000000-0000-4000-8000-000000000001' and r.status = 'running')
          or not exists (select from "fk_guard".run r where r.id operator(pg_catalog.=) '00000000-0000-4000-8000-000000000001'::pg_catalog.uuid for key share) then raise exception using message = 'This is not the session in which the script began, or it has ended.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if pg_catalog.current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'This transaction would not see parents that come in while it waits.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if pg_catalog.current_setting('session_replication_role') operator(pg_catalog.<>) 'origin' or pg_catalog.current_setting('zero_damaged_pages')::pg_catalog.bool or pg_catalog.current_setting('ignore_checksum_failure')::pg_catalog.bool then raise exception using message = 'This session checks no keys, or reads damaged pages as empty.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
    -- By tables and not by their indexes, which may have lost rows: to go, a row must be an orphan by both.
    execute 'select case when pg_catalog.current_setting(''enable_indexscan'', true) is not null then pg_catalog.set_config(''enable_indexscan'', ''off'', true) end, case when pg_catalog.current_setting(''enable_indexonlyscan'', true) is not null then pg_catalog.set_config(''enable_indexonlyscan'', ''off'', true) end, case when pg_catalog.current_setting(''enable_bitmapscan'', true) is not null then pg_catalog.set_config(''enable_bitmapscan'', ''off'', true) end, case when pg_catalog.current_setting(''enable_seqscan'', true) is not null then pg_catalog.set_config(''enable_seqscan'', ''on'', true) end, case when pg_catalog.current_setting(''enable_partition_pruning'', true) is not null then pg_catalog.set_config(''enable_partition_pruning'', ''off'', true) end';
    drop table if exists pg_temp.fk_guard_list;
    create temp table fk_guard_list as
      select pg_catalog.row_number() over () as number, "fk_guard_child".tableoid as source_oid, "fk_guard_child".ctid as source_ctid
        from only "public"."checkouts" as "fk_guard_child" where "fk_guard_child"."user_id" is not null and not exists (select from "public"."users" as "fk_guard_parent" where "fk_guard_parent"."id" operator("pg_catalog".=) "fk_guard_child"."user_id");
    select pg_catalog.count(*) from pg_temp.fk_guard_list into listed;
    commit;
    exit when listed = 0;
    -- More than was planned and looked at: nobody has agreed to that.
    if total + listed > 1 then raise exception using message = 'More rows of public.checkouts are orphans than when the plan was made.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
    here := total;
    for start_at in 1 .. listed by 1000 loop
      execute 'select case when pg_catalog.current_setting(''lock_timeout'', true) is not null then pg_catalog.set_config(''lock_timeout'', ''10000'', true) end, case when pg_catalog.current_setting(''statement_timeout'', true) is not null then pg_catalog.set_config(''statement_timeout'', ''0'', true) end, case when pg_catalog.current_setting(''idle_in_transaction_session_timeout'', true) is not null then pg_catalog.set_config(''idle_in_transaction_session_timeout'', ''60000'', true) end, case when pg_catalog.current_setting(''transaction_timeout'', true) is not null then pg_catalog.set_config(''transaction_timeout'', ''0'', true) end, case when pg_catalog.current_setting(''row_security'', true) is not null then pg_catalog.set_config(''row_security'', ''off'', true) end, case when pg_catalog.current_setting(''search_path'', true) is not null then pg_catalog.set_config(''search_path'', ''pg_catalog, pg_temp'', true) end, case when pg_catalog.current_setting(''application_name'', true) is not null then pg_catalog.set_config(''application_name'', ''fk-guard'', true) end';
execute 'select case when pg_catalog.current_setting(''datestyle'', true) is not null then pg_catalog.set_config(''datestyle'', ''ISO, YMD'', true) end, case when pg_catalog.current_setting(''intervalstyle'', true) is not null then pg_catalog.set_config(''intervalstyle'', ''postgres'', true) end, case when pg_catalog.current_setting(''extra_float_digits'', true) is not null then pg_catalog.set_config(''extra_float_digits'', ''3'', true) end, case when pg_catalog.current_setting(''timezone'', true) is not null then pg_catalog.set_config(''timezone'', ''UTC'', true) end, case when pg_catalog.current_setting(''lc_monetary'', true) is not null then pg_catalog.set_config(''lc_monetary'', ''C'', true) end, case when pg_catalog.current_setting(''bytea_output'', true) is not null then pg_catalog.set_config(''bytea_output'', ''hex'', true) end, case when pg_catalog.current_setting(''array_nulls'', true) is not null then pg_catalog.set_config(''array_nulls'', ''on'', true) end, case when pg_catalog.current_setting(''xmloption'', true) is not null then pg_catalog.set_config(''xmloption'', ''content'', true) end, case when pg_catalog.current_setting(''quote_all_identifiers'', true) is not null then pg_catalog.set_config(''quote_all_identifiers'', ''off'', true) end';
if not exists (select from pg_catalog.pg_locks l where l.locktype = 'advisory' and l.pid = pg_catalog.pg_backend_pid()
          and l.granted and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
          and l.classid = 6712167 and l.objid = 1)
          or not exists (select from "fk_guard".run r where r.id = '00000000-0000-4000-8000-000000000001' and r.status = 'running')
          or not exists (select from "fk_guard".run r where r.id operator(pg_catalog.=) '00000000-0000-4000-8000-000000000001'::pg_catalog.uuid for key share) then raise exception using message = 'This is not the session in which the script began, or it has ended.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if pg_catalog.current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'This transaction would not see parents that come in while it waits.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if pg_catalog.current_setting('session_replication_role') operator(pg_catalog.<>) 'origin' or pg_catalog.current_setting('zero_damaged_pages')::pg_catalog.bool or pg_catalog.current_setting('ignore_checksum_failure')::pg_catalog.bool then raise exception using message = 'This session checks no keys, or reads damaged pages as empty.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
      this_batch := this_batch + 1;
      if exists (select from pg_catalog.pg_class c where c.oid = '"fk_guard".quarantine'::pg_catalog.regclass and (c.relkind <> 'r' or c.relpersistence <> 'p' or c.relhasrules))
          or exists (select from pg_catalog.pg_trigger t where t.tgrelid = '"fk_guard".quarantine'::pg_catalog.regclass and not t.tgisinternal) then raise exception using message = 'The quarantine is not as fk-guard makes it: its copies might not stay.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
      lock table "public"."users" in share mode;
lock table "public"."checkouts" in row exclusive mode;
if (
    select pg_catalog.json_build_array(t.number, pg_catalog.array_position(t.names, 'id'::pg_catalog.text)) as found from (
      select pg_catalog.to_regclass('"public"."users"')::pg_catalog.oid::bigint as number,
             array(select a.attname::pg_catalog.text from pg_catalog.pg_attribute a
                    where a.attrelid = pg_catalog.to_regclass('"public"."users"') and a.attnum > 0 and not a.attisdropped order by a.attnum) as names) t)::pg_catalog.jsonb is distinct from '[16385,1]'::pg_catalog.jsonb then raise exception using message = 'public.users is not the table that the plan was made from, or its key is another column.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if (
    select pg_catalog.json_build_array(t.number, pg_catalog.array_position(t.names, 'user_id'::pg_catalog.text)) as found from (
      select pg_catalog.to_regclass('"public"."checkouts"')::pg_catalog.oid::bigint as number,
             array(select a.attname::pg_catalog.text from pg_catalog.pg_attribute a
                    where a.attrelid = pg_catalog.to_regclass('"public"."checkouts"') and a.attnum > 0 and not a.attisdropped order by a.attnum) as names) t)::pg_catalog.jsonb is distinct from '[16390,2]'::pg_catalog.jsonb then raise exception using message = 'public.checkouts is not the table that the plan was made from, or its key is another column.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if exists (select from pg_catalog.pg_class c where c.oid in ('"public"."checkouts"'::pg_catalog.regclass, '"public"."users"'::pg_catalog.regclass)
            and (c.relkind <> 'r' or c.relispartition or exists (select from pg_catalog.pg_inherits i where c.oid in (i.inhrelid, i.inhparent)))) then raise exception using message = 'A partitioned or inherited table is cleaned by fk-guard apply only.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if not exists (
          select from pg_catalog.pg_constraint k join (
  select con.oid,
    json_agg(child.attname order by pair.position) as child_columns,
    json_agg(parent.attname order by pair.position) as parent_columns,
    json_agg(json_strip_nulls(json_build_object(
      'schema', operator_schema.nspname,
      'name', operator.oprname,
      'collation', case when parent.attcollation <> child.attcollation and collation_schema.oid is not null
        then json_build_object('schema', collation_schema.nspname, 'name', collating.collname) end,
      'operands', case when parent.atttypid <> child.atttypid and (operator.oprleft, operator.oprright) <> (parent.atttypid, child.atttypid)
          and taken_left.typtype <> 'p' and taken_right.typtype <> 'p'
        then json_build_array(
          json_build_object('schema', left_schema.nspname, 'name', taken_left.typname),
          json_build_object('schema', right_schema.nspname, 'name', taken_right.typname)) end
    )) order by pair.position) as equality
  from pg_catalog.pg_constraint con
  cross join lateral unnest(con.conkey, con.confkey, con.conpfeqop) with ordinality as pair(child, parent, equality, position)
  join pg_catalog.pg_attribute child on child.attrelid = con.conrelid and child.attnum = pair.child
  join pg_catalog.pg_attribute parent on parent.attrelid = con.confrelid and parent.attnum = pair.parent
  join pg_catalog.pg_operator operator on operator.oid = pair.equality
  join pg_catalog.pg_namespace operator_schema on operator_schema.oid = operator.oprnamespace
  join pg_catalog.pg_type taken_left on taken_left.oid = operator.oprleft
  join pg_catalog.pg_namespace left_schema on left_schema.oid = taken_left.typnamespace
  join pg_catalog.pg_type taken_right on taken_right.oid = operator.oprright
  join pg_catalog.pg_namespace right_schema on right_schema.oid = taken_right.typnamespace
  left join pg_catalog.pg_collation collating on collating.oid = parent.attcollation
  left join pg_catalog.pg_namespace collation_schema on collation_schema.oid = collating.collnamespace
  where con.contype = 'f'
  group by con.oid) p on p.oid = k.oid
           where k.conrelid = '"public"."checkouts"'::pg_catalog.regclass and k.confrelid = '"public"."users"'::pg_catalog.regclass
             and p.child_columns::pg_catalog.jsonb = '["user_id"]'::pg_catalog.jsonb and p.parent_columns::pg_catalog.jsonb = '["id"]'::pg_catalog.jsonb
             and coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::pg_catalog.bool, true)
             and not exists (select from pg_catalog.pg_trigger t where t.tgconstraint = k.oid and t.tgenabled in ('D', 'R'))
             and not exists (
               select from pg_catalog.jsonb_array_elements(p.equality::pg_catalog.jsonb) with ordinality as e(own, place),
                      lateral (select '[{"schema":"pg_catalog","name":"="}]'::pg_catalog.jsonb -> (e.place - 1)::pg_catalog.int4 as planned) j
                where (own - 'collation') is distinct from (planned - 'collation')
                   or coalesce(planned -> 'collation', own -> 'collation') is distinct from planned -> 'collation'
                   or planned -> 'collation' is not null and planned -> 'collation' is distinct from (
                        select pg_catalog.jsonb_build_object('schema', n.nspname, 'name', c.collname)
                          from pg_catalog.pg_attribute a join pg_catalog.pg_collation c on c.oid = a.attcollation
                          join pg_catalog.pg_namespace n on n.oid = c.collnamespace
                         where a.attrelid = k.confrelid and a.attname = p.parent_columns::pg_catalog.jsonb ->> (e.place - 1)::pg_catalog.int4))) then raise exception using message = 'No key of public.checkouts (user_id) stands guard over public.users that compares as the plan did.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if exists (select from pg_catalog.pg_trigger t where t.tgrelid = '"public"."checkouts"'::pg_catalog.regclass and not t.tgisinternal and t.tgenabled <> 'D')
          or exists (select from pg_catalog.pg_rewrite r where r.ev_class = '"public"."checkouts"'::pg_catalog.regclass) then raise exception using message = 'A trigger or rule of public.checkouts would act on these rows.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if exists (select from pg_catalog.pg_subscription_rel s where s.srrelid in ('"public"."checkouts"'::pg_catalog.regclass, '"public"."users"'::pg_catalog.regclass)) then raise exception using message = 'A subscription fills the tables: a parent may still be on its way.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
if not exists (select from "public"."users") then raise exception using message = 'public.users is empty, so every row of public.checkouts looks orphaned.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
      select pg_catalog.format('pg_catalog.jsonb_object(array[%s]::text[], array[%s]::text[])',
          pg_catalog.string_agg(pg_catalog.quote_literal(a.attname), ', ' order by a.attnum),
          pg_catalog.string_agg(pg_catalog.format(
            case when a.atttypid = 'pg_catalog.xml'::pg_catalog.regtype then 'case when %1$s.%2$I is distinct from null then pg_catalog.format(''%%s'', %1$s.%2$I::text) end'
                 when a.atttypid in ('pg_catalog.regproc'::pg_catalog.regtype, 'pg_catalog.regoper'::pg_catalog.regtype) then 'case when %1$s.%2$I is distinct from null then pg_catalog.format(''%%s'', %1$s.%2$I::oid) end'
                 else 'case when %1$s.%2$I is distinct from null then pg_catalog.format(''%%s'', %1$s.%2$I) end' end,
            '"fk_guard_child"', a.attname), ', ' order by a.attnum))
        from pg_catalog.pg_attribute a where a.attrelid = '"public"."checkouts"'::pg_catalog.regclass and a.attnum > 0 and not a.attisdropped into row_text;
      execute 'insert into "fk_guard".quarantine (run_id, step, batch, action, level, table_schema, table_name, changed_columns, source_oid, source_ctid, row_data) select ''00000000-0000-4000-8000-000000000001''::uuid, ''2'', $1, ''delete'', 0, ''public'', ''checkouts'', ''{}'', r.oid, r.tid, r.row_data from (select "fk_guard_child".tableoid as oid, "fk_guard_child".ctid as tid, ' || row_text || ' as row_data from only "public"."checkouts" as "fk_guard_child" where "fk_guard_child".ctid = any (array(select l.source_ctid from pg_temp.fk_guard_list l where l.number between $2 and $3)) and exists (select from pg_temp.fk_guard_list l where l.number between $2 and $3 and l.source_ctid = "fk_guard_child".ctid) and "fk_guard_child"."user_id" is not null and not exists (select from "public"."users" as "fk_guard_parent" where "fk_guard_parent"."id" operator("pg_catalog".=) "fk_guard_child"."user_id") for update of "fk_guard_child") r' using this_batch, start_at, start_at + 1000 - 1;
      get diagnostics copied = row_count;
      total := total + copied;
      if total > 1 then raise exception using message = 'More rows of public.checkouts are orphans than when the plan was made.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
      for below in
        select k.conname, k.conrelid::pg_catalog.regclass::text as child, pg_catalog.string_agg(
               pg_catalog.format('p.%I%s operator(%I.%s) c.%I%s%s', pa.attname, (select case when y.typtype <> 'p' then pg_catalog.format('::%I.%I', s.nspname, y.typname) end from pg_catalog.pg_type y join pg_catalog.pg_namespace s on s.oid = y.typnamespace where y.oid = o."oprleft"), n.nspname, o.oprname, ca.attname, (select case when y.typtype <> 'p' then pg_catalog.format('::%I.%I', s.nspname, y.typname) end from pg_catalog.pg_type y join pg_catalog.pg_namespace s on s.oid = y.typnamespace where y.oid = o."oprright"), (select pg_catalog.format(' collate %I.%I', s.nspname, l.collname) from pg_catalog.pg_collation l
                 join pg_catalog.pg_namespace s on s.oid = l.collnamespace where l.oid = pa.attcollation and pa.attcollation <> ca.attcollation)), ' and ') as match
          from pg_catalog.pg_constraint k, rows from (pg_catalog.unnest(k.confkey), pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.conpfeqop)) as u(pk, fk, op)
          join pg_catalog.pg_operator o on o.oid = u.op join pg_catalog.pg_namespace n on n.oid = o.oprnamespace, pg_catalog.pg_attribute pa, pg_catalog.pg_attribute ca
         where k.contype = 'f' and k.confrelid = '"public"."checkouts"'::pg_catalog.regclass and true
           and pa.attrelid = k.confrelid and pa.attnum = u.pk and ca.attrelid = k.conrelid and ca.attnum = u.fk group by k.oid, k.conname, k.conrelid
      loop
        execute 'select exists (select from only "public"."checkouts" as p join ' || below.child || ' as c on ' || below.match || ' where p.ctid = any (array(select q.source_ctid from "fk_guard".quarantine q where q.run_id = ''00000000-0000-4000-8000-000000000001''::uuid and q.step = ''2'' and q.batch = $1)))' into is_below using this_batch;
        if is_below then
          raise exception using message = pg_catalog.format('Rows of %s point at orphans of %s through %s.', below.child, 'public.checkouts', below.conname),
            hint = 'fk-guard apply follows keys and copies those rows too, or says why it does not.';
        end if;
      end loop;
      before := (
        select coalesce(pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_deleted(b.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(b.oid)), 0)
          from (select k.conrelid as oid from pg_catalog.pg_constraint k where k.contype = 'f' and k.confrelid = '"public"."checkouts"'::pg_catalog.regclass
                 union select '"public"."checkouts"'::pg_catalog.regclass::pg_catalog.oid) b);
      delete from only "public"."checkouts" as "fk_guard_child" where "fk_guard_child".ctid = any (array(
          select q.source_ctid from "fk_guard".quarantine q where q.run_id = '00000000-0000-4000-8000-000000000001'::uuid and q.step = '2' and q.batch = this_batch)) and "fk_guard_child"."user_id" is not null and not exists (select from "public"."users" as "fk_guard_parent" where "fk_guard_parent"."id" operator("pg_catalog".=) "fk_guard_child"."user_id");
      get diagnostics gone = row_count;
      if gone <> copied then raise exception using message = 'A trigger or rule has kept rows of public.checkouts.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
      if (
        select coalesce(pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_deleted(b.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(b.oid)), 0)
          from (select k.conrelid as oid from pg_catalog.pg_constraint k where k.contype = 'f' and k.confrelid = '"public"."checkouts"'::pg_catalog.regclass
                 union select '"public"."checkouts"'::pg_catalog.regclass::pg_catalog.oid) b) <> before + copied then raise exception using message = 'Other rows would have gone without a copy, or nobody counts them (track_counts is off).', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
      commit;
    end loop;
    idle := case when total = here then idle + 1 else 0 end;
    if idle > 5 then raise exception using message = 'The orphans of public.checkouts are written anew again and again.', hint = 'What is done stays done and is in the ledger. Make a new plan and go on with that, or with fk-guard apply.'; end if;
  end loop;
  drop table if exists pg_temp.fk_guard_list;
end
$fk_guard$;
insert into "fk_guard".step (run_id, id, title, change, sql, status, rows, duration_ms)
values ('00000000-0000-4000-8000-000000000001', '2', 'Quarantine and delete: orphans of public.checkouts (user_id)', '{"op":"clean-orphans","strategy":"delete","orphans":{"child":{"schema":"public","name":"checkouts"},"childColumns":["user_id"],"parent":{"schema":"public","name":"users"},"parentColumns":["id"],"equality":[{"schema":"pg_catalog","name":"="}]},"rows":1,"watch":[{"child":{"schema":"public","name":"checkouts"},"childColumns":["user_id"],"parent":{"schema":"public","name":"users"},"parentColumns":["id"],"equality":[{"schema":"pg_catalog","name":"="}],"relation":"public.checkouts.user_id"}],"seen":{"child":[16390,2],"parent":[16385,1]}}', '', 'done', (select pg_catalog.count(*) from "fk_guard".quarantine q where q.run_id = '00000000-0000-4000-8000-000000000001' and q.step = '2'), 0);

-- Step 3: Validate checkouts_user_id_fkey of public.checkouts
begin;
alter table "public"."checkouts" validate constraint "checkouts_user_id_fkey";
insert into "fk_guard".step (run_id, id, title, change, sql, status, rows, duration_ms)
values ('00000000-0000-4000-8000-000000000001', '3', 'Validate checkouts_user_id_fkey of public.checkouts', '{"op":"validate-foreign-key","table":{"schema":"public","name":"checkouts"},"columns":["user_id"],"parent":{"schema":"public","name":"users"},"name":"checkouts_user_id_fkey"}', 'alter table "public"."checkouts" validate constraint "checkouts_user_id_fkey"', 'done', (select pg_catalog.count(*) from "fk_guard".quarantine q where q.run_id = '00000000-0000-4000-8000-000000000001' and q.step = '3'), 0);
commit;

update "fk_guard".run set status = 'repaired', finished_at = pg_catalog.now(),
       figures = figures || pg_catalog.jsonb_build_object('deleted', (select pg_catalog.count(*) from "fk_guard".quarantine q where q.run_id = '00000000-0000-4000-8000-000000000001' and q.action = 'delete' and q.level = 0), 'nullified', (select pg_catalog.count(*) from "fk_guard".quarantine q where q.run_id = '00000000-0000-4000-8000-000000000001' and q.action = 'change' and q.level = 0),
                   'quarantined', (select pg_catalog.count(*) from "fk_guard".quarantine q where q.run_id = '00000000-0000-4000-8000-000000000001'))
 where id = '00000000-0000-4000-8000-000000000001';
select pg_catalog.pg_advisory_unlock(6712167, 1), pg_catalog.pg_advisory_unlock(6712167, 2);
