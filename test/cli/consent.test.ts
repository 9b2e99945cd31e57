import { obtainConsent } from '../../src/cli/consent';
import { cleanUp, plan, validate } from '../report/samples';
import { recordedIo } from './streams';

const none = { yes: false, acceptDataLoss: false, reviewed: false };
const yes = { ...none, yes: true };
const both = { ...yes, acceptDataLoss: true };
const harmless = plan([validate]);
const removing = plan([validate, cleanUp('delete', 7)]);
const nullifying = plan([cleanUp('nullify', 1)]);

describe('without a terminal', () => {
  const at = recordedIo();

  it.each([
    ['nothing to do', plan([]), none],
    ['--yes where no row goes', harmless, yes],
    ['a reviewed plan where no row goes', harmless, { ...none, reviewed: true }],
    ['--yes --accept-data-loss', removing, both],
  ])('goes on: %s', async (_, wanted, given) => {
    await expect(obtainConsent(wanted, given, at)).resolves.toBeUndefined();
  });

  it('names the flag when no row goes', async () => {
    await expect(obtainConsent(harmless, none, at)).rejects.toMatchObject({
      code: 'CONSENT',
      exitCode: 3,
      advice: 'Add --yes to apply this plan without a question.',
    });
  });

  it.each([
    ['--yes alone', removing, yes],
    ['--accept-data-loss alone', removing, { ...none, acceptDataLoss: true }],
    ['a reviewed plan', removing, { ...none, reviewed: true }],
    ['keys that become NULL', nullifying, yes],
  ])('names both flags when rows go: %s', async (_, wanted, given) => {
    await expect(obtainConsent(wanted, given, at)).rejects.toMatchObject({
      code: 'CONSENT',
      exitCode: 3,
      message: expect.stringMatching(
        /^\d rows? would be removed or changed and there is no terminal to ask at; nothing was written\.$/,
      ) as string,
      advice: 'Add --yes --accept-data-loss to apply this plan without a question.',
    });
  });
});

describe('at a terminal', () => {
  it('takes yes for a plan that removes nothing', async () => {
    const io = recordedIo({ answers: ['yes'] });
    await expect(obtainConsent(harmless, none, io)).resolves.toBeUndefined();
    expect(io.err()).toBe('Apply 1 step to booknexus on localhost (PostgreSQL 18.4)? Type yes to go on: ');
    expect(io.out()).toBe('');
  });

  it('wants the name of the database before rows go, also with --yes', async () => {
    const io = recordedIo({ answers: ['booknexus'] });
    await expect(obtainConsent(removing, yes, io)).resolves.toBeUndefined();
    expect(io.err()).toBe(
      '7 rows of booknexus on localhost (PostgreSQL 18.4) will be removed or changed.\nType the name of the database to go on: ',
    );
  });

  it.each([
    [harmless, 'y', 'The answer was not "yes"; nothing was written.'],
    [harmless, 'no', 'The answer was not "yes"; nothing was written.'],
    [removing, 'yes', 'The answer was not "booknexus"; nothing was written.'],
    [removing, '', 'The answer was not "booknexus"; nothing was written.'],
  ])('takes nothing else (%#)', async (wanted, answer, message) => {
    await expect(obtainConsent(wanted, none, recordedIo({ answers: [answer] }))).rejects.toMatchObject({
      code: 'CONSENT',
      exitCode: 3,
      message,
    });
  });

  it('is cancelled by the end of the input', async () => {
    const io = recordedIo({ answers: [] });
    io.stdin.end();
    await expect(obtainConsent(removing, none, io)).rejects.toMatchObject({
      code: 'CANCELLED',
      exitCode: 130,
    });
  });
});

it('is cancelled by a signal while it asks', async () => {
  const cancelling = new AbortController();
  const at = { ...recordedIo({ answers: [] }), signal: cancelling.signal };
  const asked = obtainConsent(removing, none, at);
  cancelling.abort();
  await expect(asked).rejects.toMatchObject({
    code: 'CANCELLED',
    exitCode: 130,
    message: 'Cancelled; nothing was written.',
  });
});
