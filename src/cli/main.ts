#!/usr/bin/env node
import { cancelledBySignals } from './signals';
import { EXIT } from './exit-codes';
import type { Io, Output } from './io';
import { run } from './run';

const write = process.stdout.write.bind(process.stdout);
// Models print while they load, Sequelize logs with console.log: only results may reach stdout.
process.stdout.write = process.stderr.write.bind(process.stderr);

const signal = cancelledBySignals((text) => process.stderr.write(text));
// `fk-guard check | head` closes the pipe early; the exit code stays what it would have been.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

let done = false;
// Node ends with 0, which here means healthy, when nothing is left that it could wait for.
process.on('exit', (code) => {
  if (done || code !== EXIT.ok) return;
  process.stderr.write(
    'fk-guard: The process ended before the work was done, maybe by a promise or a process.exit() of the configuration.\n',
  );
  process.exitCode = EXIT.failed;
});

void run(process.argv.slice(2), processIo()).then(async (code) => {
  done = true;
  process.exitCode = code;
  await drained();
  // Models may have timers and connections that would keep the process alive.
  process.exit(code);
});

function processIo(): Io {
  return {
    stdout: output(process.stdout, (text) => void write(text)),
    stderr: output(process.stderr, (text) => void process.stderr.write(text)),
    stdin: process.stdin,
    // `isTTY` is undefined for pipes, whatever its type says.
    interactive: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    env: process.env,
    cwd: process.cwd(),
    signal,
  };
}

function output(stream: NodeJS.WriteStream, put: (text: string) => void): Output {
  // hasColors() knows NO_COLOR and dumb terminals; FORCE_COLOR is for the logs of build servers, which are pipes.
  const forced = !['', '0', 'false', undefined].includes(process.env['FORCE_COLOR']);
  return {
    write: put,
    colours: forced || (stream.isTTY ? stream.hasColors() : false),
    // Asked anew each time: a window may be made smaller. Logs of build servers have no lines that could be rewritten.
    get columns() {
      return stream.isTTY && !process.env['CI'] && process.env['TERM'] !== 'dumb'
        ? stream.columns
        : undefined;
    },
  };
}

const drained = (): Promise<unknown> =>
  Promise.all([
    new Promise((resolve) => write('', resolve)),
    new Promise((resolve) => process.stderr.write('', resolve)),
  ]);
