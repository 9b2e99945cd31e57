import type { Command } from '../command';
import { apply } from './apply';
import { check } from './check';
import { completion } from './completion';
import { impact } from './impact';
import { init } from './init';
import { migration } from './migration';
import { plan } from './plan';
import { purge } from './purge';
import { report } from './report';
import { restore } from './restore';
import { status } from './status';
import { verify } from './verify';

/** Every command, in the order in which a person uses them. */
export const COMMANDS: readonly Command[] = [
  init,
  check,
  plan,
  apply,
  verify,
  status,
  report,
  impact,
  restore,
  purge,
  migration,
  completion,
];
