import { application, integer, type AnyModel, type Install } from './application';

/** How often the models are asked for their tables and attributes while they are read. */
function questions(install: Install, count: number): number {
  const app = application(install);
  const models: AnyModel[] = [];
  for (let i = 0; i < count; i++) {
    const model = app.define(`Model${i}`, { written: integer() });
    const parent = models[i >> 1];
    models.push(model);
    if (!parent) continue;
    parent.hasMany(model, { foreignKey: 'parentId' });
    model.belongsTo(parent, { foreignKey: 'parentId' });
    // Each has a join table, and no name of its own: a later association may have taken its place.
    model.belongsToMany(parent, { through: `Join${i}`, foreignKey: 'one', otherKey: 'other' });
  }
  let asked = 0;
  for (const model of app.sequelize.modelManager.models) {
    const { rawAttributes } = model;
    const tableName = model.getTableName.bind(model);
    Object.defineProperty(model, 'getTableName', { value: () => (asked++, tableName()) });
    Object.defineProperty(model, 'rawAttributes', { get: () => (asked++, rawAttributes) });
  }
  app.read();
  return asked;
}

test.each<Install>(['early', 'late'])('asks each model as often among many as among few (%s)', (install) => {
  const [few, many] = [questions(install, 20), questions(install, 80)];
  expect(few).toBeGreaterThan(40);
  // A little more than four times: the first model has no parent, and of twenty it is a larger part.
  expect(many / few).toBeLessThan(4.5);
});
