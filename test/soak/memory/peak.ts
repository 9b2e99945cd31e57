import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { environmentWith, ROOT } from '../../booknexus/run-node';

/** A finished command, and the most that its process has had in memory. */
export interface Measured {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly peakMb: number;
  readonly seconds: number;
}

const EVERY_MS = 20;

/** Runs the built `fk-guard` and asks Linux for its peak (`VmHWM`) as long as it lives; the number only grows. */
export async function measure(args: readonly string[], cwd: string): Promise<Measured> {
  const started = performance.now();
  const command = spawn(process.execPath, [resolve(ROOT, 'dist/cli/main.js'), ...args], {
    cwd,
    env: environmentWith({}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let peakMb = 0;
  const look = setInterval(() => (peakMb = Math.max(peakMb, peakOf(command.pid))), EVERY_MS);
  const [stdout, stderr, status] = await Promise.all([
    command.stdout.setEncoding('utf8').toArray(),
    command.stderr.setEncoding('utf8').toArray(),
    new Promise<number | null>((ended) => command.on('close', ended)),
  ]);
  clearInterval(look);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  return { status, stdout: stdout.join(''), stderr: stderr.join(''), peakMb, seconds };
}

/** 0 for a process that is gone. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}
