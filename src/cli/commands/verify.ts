import type { Command } from '../command';
import { commonFlags, policyFlags } from '../flags';
import { baselineFlags, failOnFlag } from '../gate-flags';
import { judged } from './check';

/** `fk-guard verify`: what was promised, and what is so. */
export const verify: Command = {
  name: 'verify',
  define(parser) {
    parser.description('look again after an apply; writes nothing');
    policyFlags(baselineFlags(failOnFlag(commonFlags(parser))));
  },
  run: (context) => judged(context, () => context.guard.verify()),
};
