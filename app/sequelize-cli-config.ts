import { databaseUrl } from './config';

// What sequelize-cli reads (`config` in .sequelizerc): the same for every NODE_ENV.

/** `DATABASE_URL` as the command line tool wants it: it knows only one of the two names of the protocol. */
export const url = databaseUrl(process.env).replace(/^postgresql:/, 'postgres:');

export const dialect = 'postgres';
