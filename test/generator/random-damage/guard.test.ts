import { randomDamageTests } from '../random-damages';

describe('single random damages to what the guard has built', () => {
  randomDamageTests('the guard');
});
