/** A library of many tenants under names that need quoting: books know their author by (tenant, author). */
export const library = (books: string, more = ''): string => `
  create schema "my.lib";
  create table "my.lib"."Author""s" (tenant int, "Id" int, name text, primary key (tenant, "Id"));
  create table "my.lib"."Books" (id int primary key, ${books});
  insert into "my.lib"."Author""s" values (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'c');
  ${more}`;

export const BOOKS = {
  child: '"my.lib"."Books"(tenant,"author,Id")',
  parent: '"my.lib"."Author""s"(tenant,"Id")',
} as const;

/** The relation's id, as messages print it. */
export const BOOKS_ID = '"my.lib".Books.tenant,author,Id';
export const COLUMNS = 'tenant int, "author,Id" int';

/** A live key of the books, its columns in the other order. */
export const turned = (name: string, actions = ''): string =>
  `alter table "my.lib"."Books" add constraint "${name}" foreign key ("author,Id", tenant) references "my.lib"."Author""s" ("Id", tenant) ${actions};`;
export const straight = (name: string, actions = ''): string =>
  `alter table "my.lib"."Books" add constraint "${name}" foreign key (tenant, "author,Id") references "my.lib"."Author""s" ${actions};`;

/** Two books with an author, one of nobody, two that are half null. */
export const GOOD = `insert into "my.lib"."Books" (id, tenant, "author,Id") values (1, 1, 1), (2, 2, 1), (3, null, null), (4, 9, null), (5, null, 9);`;
/** Both columns exist somewhere in the parent, and yet not together. */
export const ORPHANS = `insert into "my.lib"."Books" (id, tenant, "author,Id") values (6, 2, 2), (7, 3, 1);`;

export const lockParent = (mode = 'share row exclusive'): string =>
  `lock table "my.lib"."Author""s" in ${mode} mode`;
export const add = (name: string, actions: string, match = ''): string =>
  `add constraint "${name}" foreign key ("tenant", "author,Id") references "my.lib"."Author""s" ("tenant", "Id")${match} ${actions} not valid`;
export const alter = (action: string): string => `alter table "my.lib"."Books" ${action}`;
export const validate = (name: string): string => alter(`validate constraint "${name}"`);

/** The key as `pg_get_constraintdef` prints it. */
export const printed = (name: string, rest = ''): string =>
  `"my.lib"."Books" ${name}: FOREIGN KEY (tenant, "author,Id") REFERENCES "my.lib"."Author""s"(tenant, "Id")${rest}`;
export const printedTurned = (name: string, rest = ''): string =>
  `"my.lib"."Books" ${name}: FOREIGN KEY ("author,Id", tenant) REFERENCES "my.lib"."Author""s"("Id", tenant)${rest}`;
