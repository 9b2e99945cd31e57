// Starts BookNexus as its server does, when it is told to, and says how that went; from the build, as an application would.
const { once } = require('node:events');
const { performance } = require('node:perf_hooks');
const { Sequelize } = require('sequelize');
const { installFkGuard } = require('sequelize-fk-guard');
const { defineModels } = require('../../../build/models');

async function main(url) {
  const sequelize = new Sequelize(url, { logging: false });
  // A slow machine must not end the waiting for the others.
  const guard = installFkGuard(sequelize, { startupBudget: '10m', waitTimeout: '10m' });
  defineModels(sequelize);
  let waitedMs = 0;
  guard.on('wait', (event) => (waitedMs = event.waitedMs));
  process.send('ready');
  await once(process, 'message');
  const begun = performance.now();
  await sequelize.sync();
  const ms = Math.round(performance.now() - begun);
  await sequelize.close();
  process.send({ status: guard.lastOutcome?.status, waitedMs, ms }, () => process.disconnect());
}

void main(process.argv[2]);
