/** As names are ordered by PostgreSQL, whatever the database's collation. */
export const byBytes = (a = '', b = ''): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
