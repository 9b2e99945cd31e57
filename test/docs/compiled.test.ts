import { complaints } from './program';

const wrong = {
  file: 'wrong.md',
  line: 1,
  language: 'ts',
  name: '',
  text: "import { installFkGuard } from 'sequelize-fk-guard';\ninstallFkGuard(sequelize, { onDelete: 'cascade' });",
};

test('every TypeScript and JavaScript block fits the real packages', () => {
  const [mistake, ...others] = [...complaints([wrong])].reverse();
  expect(mistake).toEqual(['wrong.md:2', expect.stringContaining(`Type '"cascade"' is not assignable`)]);
  expect(others).toEqual([]);
});
