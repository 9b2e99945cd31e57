import { block, identifier, literal, sql, type Sql } from '../sql';

/**
 * What stands in a foreign key's place between the copies and their run. A key is asked for each copy, which is a quarter
 * of what taking a row out costs; this is asked once, of whoever takes a run away. With `holdsRun` it is as strong.
 *
 * Its tables are found by the schema that it stands in, which may be renamed. A snapshot of before would not show the
 * copies that were committed while this waited for the run, so only READ COMMITTED will do; and a policy must not hide any.
 */
const restrict = (schema: Sql): Sql => sql`
    create function ${schema}.fk_guard_restrict_run() returns trigger language plpgsql
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
    $restrict$;`;

const isOn = (trigger: Sql): Sql => sql`${trigger}.tgenabled in ('O', 'A')`;

/**
 * Makes it where it is missing, and takes the key of an earlier version away where it does the same. Only what is not yet
 * so: the statements take locks, and the key goes another time where somebody is in the way. A role that may not make it
 * keeps the key.
 */
export const restrictRun = (name: string): Sql => {
  const schema = identifier(name);
  return block(sql`declare
  runs pg_catalog.regclass := ${literal(sql`${schema}.run`)};
  copies pg_catalog.regclass := ${literal(sql`${schema}.quarantine`)};
  own_copies boolean := (select pg_catalog.pg_has_role(c.relowner, 'USAGE') from pg_catalog.pg_class c where c.oid = copies);
  has_key boolean := exists (select from pg_catalog.pg_constraint k where k.conrelid = copies and k.conname = 'quarantine_run_id_fkey' and k.contype = 'f');
  made bigint; acting bigint;
begin
  select pg_catalog.count(*), pg_catalog.count(*) filter (where ${isOn(sql`t`)}) from pg_catalog.pg_trigger t
   where t.tgrelid = runs and t.tgname in ('fk_guard_restrict_run', 'fk_guard_restrict_runs') and not t.tgisinternal into made, acting;
  if (made = 0 and pg_catalog.has_table_privilege(runs, 'TRIGGER')) or (acting = 2 and has_key and own_copies) then
    begin
      if made = 0 then
        if pg_catalog.to_regprocedure(${literal(sql`${schema}.fk_guard_restrict_run()`)}) is null then${restrict(schema)}
        end if;
        create trigger fk_guard_restrict_run before delete or update of id on ${schema}.run
          for each row execute function ${schema}.fk_guard_restrict_run();
        create trigger fk_guard_restrict_runs before truncate on ${schema}.run
          for each statement execute function ${schema}.fk_guard_restrict_run();
      end if;
      if has_key and own_copies then alter table ${schema}.quarantine drop constraint quarantine_run_id_fkey; end if;
    exception when lock_not_available or deadlock_detected then
      if not has_key then raise; end if;
    end;
  elsif made = 0 and own_copies and not has_key then
    alter table ${schema}.quarantine add constraint quarantine_run_id_fkey foreign key (run_id) references ${schema}.run (id);
  end if;
end`);
};

/**
 * True where the run is in the ledger, which nobody takes away or renames until the transaction has ended. Asked once by
 * each transaction that copies: the lock that a key would take for each copy. One that also writes its step, as a
 * conversion does, has that from the step's own key.
 */
export const holdsRun = (schema: Sql, runId: string): Sql =>
  sql`exists (select from ${schema}.run r where r.id operator(pg_catalog.=) ${literal(runId)}::pg_catalog.uuid for key share)`;
