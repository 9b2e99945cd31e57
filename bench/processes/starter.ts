import { installFkGuard } from 'sequelize-fk-guard';
import { Sequelize } from 'sequelize';
import { defineMany } from '../core/models';
import { silent } from '../core/silent';
import { answering } from './answering';

/** One of many processes that start at once: an application with its models, with the guard or without. */
const [url = '', models = '1', guard] = process.argv.slice(2);

answering(async () => {
  const sequelize = new Sequelize(url, { logging: false, pool: { max: 2 } });
  if (guard === 'guard') installFkGuard(sequelize, { logger: silent });
  defineMany(sequelize, Number(models));
  await sequelize.sync();
  await sequelize.close();
  return 0;
});
