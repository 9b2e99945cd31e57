// An application with Auth.js's own adapter, which is an ES module and so cannot be loaded by the tests themselves.
// Takes one JSON argument and prints one JSON line with what became of each call.
import SequelizeAdapter from '@auth/sequelize-adapter';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { DataTypes, Sequelize } = require('sequelize');
const { installFkGuard } = require('../../../dist/index.js');

const {
  urls,
  guard,
  synchronize = true,
  rounds = 1,
  parallel = 1,
  ownUsers = false,
} = JSON.parse(process.argv[2]);
const warnings = [];
const logger = {
  debug() {},
  info() {},
  warn: (line) => warnings.push(line),
  error: (line) => warnings.push(line),
};

const calls = [];
const outcomes = [];
for (const url of urls) {
  const sequelize = new Sequelize(url, { logging: false });
  const installed = guard && installFkGuard(sequelize, { logger, ...guard });
  const options = { underscored: true, timestamps: false };
  const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
  const models = ownUsers ? { User: sequelize.define('user', { id, email: DataTypes.STRING }, options) } : {};
  const adapter = SequelizeAdapter(sequelize, { synchronize, models });
  for (let round = 0; round < rounds; round++)
    calls.push(
      await Promise.all(
        Array.from({ length: parallel }, () =>
          adapter.getUserByAccount({ provider: 'google', providerAccountId: 'nobody' }).then(
            (user) => ({ user }),
            (error) => ({
              name: error.name,
              message: error.message,
              code: error.parent?.code ?? error.code,
              detail: error.parent?.detail,
            }),
          ),
        ),
      ),
    );
  const outcome = installed?.lastOutcome;
  outcomes.push(
    outcome && {
      status: outcome.status,
      remaining: outcome.remaining.map(({ kind, message, help }) => ({ kind, message, help })),
    },
  );
  await sequelize.close();
}
process.stdout.write(JSON.stringify({ calls, outcomes, warnings }));
