import type { Command } from '../command';
import { commonFlags, failOnFlag, policyFlags } from '../flags';
import { reportResult } from './check';

/** `fk-guard verify`: what was promised, and what is so. */
export const verify: Command = {
  name: 'verify',
  define(parser) {
    parser.description('look again after an apply; writes nothing');
    policyFlags(failOnFlag(commonFlags(parser)));
  },
  run: async ({ guard, flags }) => reportResult(await guard.verify(), flags.failOn),
};
