import { randomDamageTests } from '../random-damages';

describe('single random damages to what Sequelize has built', () => {
  randomDamageTests('Sequelize');
});
