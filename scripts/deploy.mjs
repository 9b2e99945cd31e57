/**
 * `npm run deploy` deploys BookNexus: build, repair of the database, pm2, and then the proof. pm2's exit code says only that a process
 * was started, so this asks /readyz until the new process answers 200. Ends with 0 then, and otherwise with the exit
 * code of the step that failed or with 1, after the last lines of the log.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(join(ROOT, 'package.json'));
const [{ name }] = require('./ecosystem.config.cjs').apps;
const port = process.env.PORT || '3000';
const limitSeconds = Number(process.env.DEPLOY_TIMEOUT || 120);
if (!(limitSeconds > 0)) fail(64, 'DEPLOY_TIMEOUT is not a number of seconds');

step('npm', 'run', '--silent', 'build');
step('npm', 'run', '--silent', 'migrate:fix-fk');
const before = processOf()?.pid;
step('pm2', 'startOrReload', join(ROOT, 'ecosystem.config.cjs'), '--update-env');
await untilReady();

function step(command, ...args) {
  console.log(`\n> ${[command, ...args].join(' ')}`);
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' });
  if (error) fail(1, error.message);
  if (status !== 0) fail(status ?? 1, `${command} ended with ${status ?? 'a signal'}`);
}

/** What pm2 says of the application. */
function processOf() {
  const { stdout, error } = spawnSync('pm2', ['jlist'], { encoding: 'utf8' });
  if (error) fail(1, error.message);
  // On a first start other lines come before the list.
  const list = JSON.parse(stdout.split('\n').findLast((line) => line.startsWith('[')) ?? '[]');
  return list.find((one) => one.name === name);
}

async function untilReady() {
  console.log(`\nWaiting for http://127.0.0.1:${port}/readyz, ${limitSeconds} s at most`);
  const deadline = Date.now() + limitSeconds * 1_000;
  for (let said; ; await pause(250)) {
    const now = processOf();
    const answer = await readiness();
    // Another process on this port, or the one before, is no proof.
    if (answer.status === 'ready' && answer.pid === now?.pid && now.pid !== before) {
      console.log(`${name} is ready: process ${now.pid}`);
      return;
    }
    const told = `pm2: ${now?.pm2_env.status ?? 'unknown'}, /readyz: ${answer.status}`;
    if (told !== said) console.log((said = told));
    const ended = ['stopped', 'errored'].includes(now?.pm2_env.status);
    if (ended || Date.now() > deadline) {
      lastLines(now);
      fail(now?.pm2_env.exit_code || 1, `${name} is not ready: ${told}`);
    }
  }
}

async function readiness() {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5_000) });
    return { status: `${response.status}`, ...(await response.json()) };
  } catch (error) {
    return { status: error.cause?.code ?? error.name };
  }
}

function lastLines(application) {
  for (const which of ['pm_out_log_path', 'pm_err_log_path']) {
    const file = application?.pm2_env[which];
    if (!file) continue;
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20);
    console.error(`\n--- ${file}\n${lines.join('\n')}`);
  }
}

function fail(exitCode, message) {
  console.error(`\nNot deployed. ${message}`);
  process.exit(exitCode);
}
