import { DataTypes, type Sequelize } from 'sequelize';
import { problemTest } from '../../problem-tester';

const kind = 'orphaned-rows';

const define = (sequelize: Sequelize, name: string, columns: readonly string[] = []) =>
  sequelize.define(name, Object.fromEntries(columns.map((column) => [column, { type: DataTypes.STRING }])), {
    timestamps: false,
  });

/** Comments 3 and 4 are on other things than posts. */
const comments = (key: string, type: string, rows: string): string => `
  create table "Posts" (id serial primary key);
  create table "Comments" (id serial primary key, ${key} integer, ${type} text);
  insert into "Posts" values (1), (2);
  insert into "Comments" values ${rows}`;
const OF_TWO_KINDS = `(1, 1, 'post'), (2, 2, 'post'), (3, 77, 'user'), (4, 78, 'user')`;

const DECIDE = (relation: string): string =>
  `relations: { '${relation}': { orphans: 'delete' | 'nullify' | 'keep' } }`;

for (const [key, type] of [
  ['ownerId', 'kind'],
  ['likeableKey', 'likeableType'],
] as const)
  problemTest({
    kind,
    title: `rows beside those of a scope: ${key}, ${type}`,
    schema: comments(`"${key}"`, `"${type}"`, OF_TWO_KINDS),
    models: (sequelize) => {
      const Post = define(sequelize, 'Post');
      const Comment = define(sequelize, 'Comment', [type]);
      Post.hasMany(Comment, { foreignKey: key, scope: { [type]: 'post' }, onDelete: 'CASCADE' });
    },
    findings: [
      {
        message: `2 rows of public.Comments have no parent in public.Posts (Comment.${key}).`,
        rows: 2,
        repair: 'refused',
        refusal: `POLYMORPHIC: Post.hasMany(Comment) with a scope suggests that the other rows may belong to other tables → ${DECIDE(`Comment.${key}`)}`,
      },
    ],
    besides: ['missing-foreign-key'],
  });

problemTest({
  kind,
  title: 'a scope of the join table, installed with the action that belongsToMany always has',
  schema: `
    create table "Tags" (id serial primary key);
    create table "Posts" (id serial primary key);
    create table "Taggings" ("taggableId" integer, kind text, "tagId" integer);
    insert into "Posts" values (1); insert into "Tags" values (1), (2);
    insert into "Taggings" values (1, 'post', 1), (1, 'post', 2), (9, 'image', 2)`,
  models: (sequelize) => {
    const [Post, Tag] = [define(sequelize, 'Post'), define(sequelize, 'Tag')];
    const Tagging = sequelize.define('Tagging', { kind: { type: DataTypes.STRING } }, { timestamps: false });
    Tagging.removeAttribute('id');
    Post.belongsToMany(Tag, {
      through: { model: Tagging, unique: false, scope: { kind: 'post' } },
      foreignKey: 'taggableId',
      otherKey: 'tagId',
      onDelete: 'CASCADE',
    });
  },
  findings: [
    {
      message: '1 row of public.Taggings has no parent in public.Posts (Tagging.taggableId).',
      rows: 1,
      repair: 'refused',
      refusal: `POLYMORPHIC: Post.belongsToMany(Tag) with a scope suggests that the other rows may belong to other tables → ${DECIDE('Tagging.taggableId')}`,
    },
  ],
  besides: ['missing-foreign-key', 'missing-foreign-key'],
  // The scope is about the posts only.
  plan: [
    'lock table "public"."Tags" in share row exclusive mode',
    'alter table "public"."Taggings" add constraint "Taggings_tagId_fkey" foreign key ("tagId") references "public"."Tags" ("id") on delete cascade on update cascade not valid',
    'alter table "public"."Taggings" validate constraint "Taggings_tagId_fkey"',
  ],
  end: [
    '+ public."Taggings" "Taggings_tagId_fkey": FOREIGN KEY ("tagId") REFERENCES "Tags"(id) ON UPDATE CASCADE ON DELETE CASCADE',
  ],
});

problemTest({
  kind,
  title: 'a scope whose rows all have their parent gets its key',
  schema: comments('"ownerId"', 'kind', `(1, 1, 'post'), (2, 2, 'draft')`),
  models: (sequelize) => {
    const Post = define(sequelize, 'Post');
    Post.hasMany(define(sequelize, 'Comment', ['kind']), {
      foreignKey: 'ownerId',
      scope: { kind: 'post' },
      onDelete: 'CASCADE',
    });
  },
  findings: [],
  besides: ['missing-foreign-key'],
  status: 'repaired',
  plan: [
    'lock table "public"."Posts" in share row exclusive mode',
    'alter table "public"."Comments" add constraint "Comments_ownerId_fkey" foreign key ("ownerId") references "public"."Posts" ("id") on delete cascade on update cascade not valid',
    'alter table "public"."Comments" validate constraint "Comments_ownerId_fkey"',
  ],
  end: [
    '+ public."Comments" "Comments_ownerId_fkey": FOREIGN KEY ("ownerId") REFERENCES "Posts"(id) ON UPDATE CASCADE ON DELETE CASCADE',
  ],
});
