import { catalogSearchPath, sessionGuards } from '../catalog/session-guards';
import type { Session } from '../db';
import { readOnly, type Look } from '../execution/look';
import { shareOut } from '../execution/share-out';
import type { MeasuredRelation, PairedRelation } from '../snapshot';
import { answerOf, measureRelation, type Depth } from './measure-relation';

/**
 * Measures relations, several at once where rows have to be counted. A look is `read committed`: each question has
 * always had a snapshot of its own, so sessions beside this one see neither more nor less than it does.
 */
export async function measureAll(
  session: Session,
  pairs: readonly PairedRelation[],
  searchPath: readonly string[],
  look: Look,
  depth: Depth,
): Promise<readonly MeasuredRelation[]> {
  const answers = new Map(pairs.map((pair) => [pair, answerOf(pair, look, depth)]));
  const asked = pairs.filter((pair) => answers.get(pair) === undefined);
  const counted = await shareOut(
    session,
    {
      most: look.settings.concurrency ?? session.atOnce,
      enter: (own, work) => readOnly(own, look, [...sessionGuards, catalogSearchPath], work),
    },
    asked.map((pair) => (own) => measureRelation(own, pair, searchPath, look, depth)),
  );
  const found = new Map(asked.map((pair, i) => [pair, counted[i]]));
  return pairs.flatMap((pair) => answers.get(pair) ?? found.get(pair) ?? []);
}
