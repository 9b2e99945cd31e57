import { createGuard } from 'sequelize-fk-guard';
import { connect } from '../database';
import { failureOf } from '../failure';
import { deletedUser, keptRows, sameSync } from './after';
import { damagedLibrary, healthyLibrary, outage } from './before';
import { PROMISE_COUNT } from './promises';
import { apply, check, plan, verify } from './repair';
import { writeReport } from './report';
import { openStage, type Stage } from './stage';
import { createStory, type Story } from './story';

/** How many claims the chapters make: a chapter that says less than it should fails the demo. */
const CLAIMS = [1, 3, 3, 4, 2, 4 + PROMISE_COUNT, 3, 5, 1, 2 + PROMISE_COUNT, 1].reduce(
  (sum, claims) => sum + claims,
);

void main().then((held) => (process.exitCode = held ? 0 : 1));

async function main(): Promise<boolean> {
  const story = createStory();
  try {
    const stage = await openStage();
    try {
      await tell(story, stage);
    } finally {
      await stage.close();
    }
  } catch (error) {
    const { reason, advice = '' } = failureOf(error);
    story.claim(`the story was told to its end: ${reason} ${advice}`, false);
  }
  return story.end(CLAIMS);
}

async function tell(story: Story, stage: Stage): Promise<void> {
  story.say(
    `PostgreSQL ${Math.floor(stage.version / 10_000)}.${stage.version % 10_000}, a database of its own for this story.`,
  );
  const url = await stage.create('booknexus');
  await healthyLibrary(story, url);
  await damagedLibrary(story, url);
  const copy = await stage.create('booknexus_copy', 'booknexus');
  await outage(story, copy);

  const { sequelize } = connect(url);
  try {
    const guard = createGuard({ sequelize });
    await check(story, url, guard);
    writeReport(story, url, 'booknexus-before');
    const planned = await plan(story, url, guard);
    const removed = await apply(story, url, guard, planned);
    await verify(story, url, guard);
    await deletedUser(story, url);
    await keptRows(story, url, removed);
  } finally {
    await sequelize.close();
  }
  await sameSync(story, copy);
  story.chapter('The report: all of it as a page, to open in a browser');
  writeReport(story, url, 'booknexus-after');
}
