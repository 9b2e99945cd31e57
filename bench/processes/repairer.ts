import { readFileSync } from 'node:fs';
import { cleaningOf } from '../core/cleaning';
import { answering } from './answering';

/** Repairs a database and tells the most memory, in MB, that this process has had. */
answering(async (url) => {
  await cleaningOf(url);
  return mostMemory();
});

/** On Linux `maxRSS` begins with what the process that forked this one had: the kernel's own mark does not. */
function mostMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
