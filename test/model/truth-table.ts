import type { ReferentialAction } from '../../src/schema';
import { belongsTo, hasMany, hasOne, type Row } from './declaration-style';

const ACTIONS: readonly ReferentialAction[] = ['SET NULL', 'NO ACTION', 'CASCADE', 'RESTRICT', 'SET DEFAULT'];
const USERS = { references: { model: 'Users', key: 'id' } };
const nothing = { early: [], late: [] };

const withoutAction: readonly Row[] = [
  { style: 'belongsTo', declare: [belongsTo()], resolved: ['SET NULL', 'NO ACTION'], ...nothing },
  { style: 'hasMany', declare: [hasMany()], resolved: ['SET NULL', 'CASCADE'], ...nothing },
  { style: 'hasOne', declare: [hasOne()], resolved: ['SET NULL', 'CASCADE'], ...nothing },
  {
    style: 'belongsTo, hasMany',
    declare: [belongsTo(), hasMany()],
    resolved: ['SET NULL', 'NO ACTION'],
    ...nothing,
  },
  {
    style: 'hasMany, belongsTo',
    declare: [hasMany(), belongsTo()],
    resolved: ['SET NULL', 'CASCADE'],
    ...nothing,
  },
  { style: 'attribute', attribute: USERS, declare: [], resolved: ['NO ACTION', 'NO ACTION'], ...nothing },
  {
    style: 'attribute, belongsTo',
    attribute: USERS,
    declare: [belongsTo()],
    resolved: ['SET NULL', 'NO ACTION'],
    ...nothing,
  },
];

/** Late, an action counts only where none of these declarations fills it in by itself. */
const unless = (onDelete: ReferentialAction, defaults: readonly ReferentialAction[]) => ({
  early: [onDelete],
  late: defaults.includes(onDelete) ? [] : [onDelete],
});

const withAction: readonly Row[] = ACTIONS.flatMap((onDelete): readonly Row[] => {
  const written = [onDelete, onDelete] as const;
  const attribute = { ...USERS, onDelete };
  const asBelongsTo = unless(onDelete, ['SET NULL', 'NO ACTION']);
  const asHas = unless(onDelete, ['SET NULL', 'CASCADE']);
  const always = unless(onDelete, []);
  return [
    { style: `belongsTo ${onDelete}`, declare: [belongsTo({ onDelete })], resolved: written, ...asBelongsTo },
    { style: `hasOne ${onDelete}`, declare: [hasOne({ onDelete })], resolved: written, ...asHas },
    { style: `hasMany ${onDelete}`, declare: [hasMany({ onDelete })], resolved: written, ...always },
    { style: `attribute ${onDelete}`, attribute, declare: [], resolved: written, ...always },
    {
      style: `attribute ${onDelete}, belongsTo`,
      attribute,
      declare: [belongsTo()],
      resolved: written,
      ...asBelongsTo,
    },
    { style: `attribute ${onDelete}, hasMany`, attribute, declare: [hasMany()], resolved: written, ...asHas },
    { style: `attribute ${onDelete}, hasOne`, attribute, declare: [hasOne()], resolved: written, ...asHas },
    {
      style: `belongsTo, hasMany ${onDelete}`,
      declare: [belongsTo(), hasMany({ onDelete })],
      resolved: ['SET NULL', 'NO ACTION'],
      ...always,
    },
    {
      style: `hasMany ${onDelete}, belongsTo`,
      declare: [hasMany({ onDelete }), belongsTo()],
      resolved: written,
      ...always,
    },
    {
      style: `belongsTo ${onDelete}, hasMany`,
      declare: [belongsTo({ onDelete }), hasMany()],
      resolved: written,
      ...asBelongsTo,
    },
    {
      style: `hasMany, belongsTo ${onDelete}`,
      declare: [hasMany(), belongsTo({ onDelete })],
      resolved: ['SET NULL', 'CASCADE'],
      ...asBelongsTo,
    },
    {
      style: `belongsTo with foreignKey: { onDelete: ${onDelete} }, which Sequelize ignores`,
      declare: [belongsTo({ foreignKey: { name: 'userId', onDelete } })],
      resolved: ['SET NULL', 'NO ACTION'],
      ...always,
    },
    {
      style: `belongsTo, define: { onDelete: ${onDelete} }`,
      options: { define: { onDelete } },
      declare: [belongsTo()],
      resolved: written,
      ...always,
    },
  ];
});

const mixtures: readonly Row[] = [
  {
    style: 'belongsTo CASCADE, hasMany RESTRICT',
    declare: [belongsTo({ onDelete: 'CASCADE' }), hasMany({ onDelete: 'RESTRICT' })],
    resolved: ['CASCADE', 'CASCADE'],
    early: ['CASCADE', 'RESTRICT'],
    late: ['CASCADE', 'RESTRICT'],
  },
  {
    style: 'belongsTo SET NULL, hasMany CASCADE',
    declare: [belongsTo({ onDelete: 'SET NULL' }), hasMany({ onDelete: 'CASCADE' })],
    resolved: ['SET NULL', 'SET NULL'],
    early: ['CASCADE', 'SET NULL'],
    late: ['CASCADE'],
  },
  {
    style: 'attribute SET NULL, belongsTo RESTRICT',
    attribute: { ...USERS, onDelete: 'SET NULL' },
    declare: [belongsTo({ onDelete: 'RESTRICT' })],
    resolved: ['SET NULL', 'SET NULL'],
    early: ['RESTRICT', 'SET NULL'],
    late: ['RESTRICT', 'SET NULL'],
  },
  {
    style: 'attribute CASCADE, hasMany with constraints: false',
    attribute: { ...USERS, onDelete: 'CASCADE' },
    declare: [hasMany({ constraints: false })],
    resolved: ['CASCADE', 'CASCADE'],
    early: ['CASCADE'],
    late: ['CASCADE'],
  },
  {
    style: 'attribute RESTRICT, hasMany CASCADE',
    attribute: { ...USERS, onDelete: 'RESTRICT' },
    declare: [hasMany({ onDelete: 'CASCADE' })],
    resolved: ['RESTRICT', 'RESTRICT'],
    early: ['CASCADE', 'RESTRICT'],
    late: ['CASCADE', 'RESTRICT'],
  },
];

/** Every style in which one column can be declared. */
export const rows: readonly Row[] = [...withoutAction, ...withAction, ...mixtures];
