/** Where GitHub looks for it. */
export const WORKFLOW = '.github/workflows/fk-guard.yml';

/** A gate for pull requests: a database as the migrations make it, then a look that writes nothing. */
export const workflowText = (migrate: boolean): string => `name: Foreign keys
on: [pull_request]
permissions:
  contents: read
jobs:
  fk-guard:
    runs-on: ubuntu-latest
    services:
      postgres:
        image: postgres:18
        env:
          POSTGRES_PASSWORD: postgres
        ports: ['5432:5432']
        options: --health-cmd pg_isready --health-interval 2s --health-retries 30
    env:
      DATABASE_URL: postgres://postgres:postgres@localhost:5432/postgres
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
          cache: npm
      - run: npm ci
${migrate ? '      - run: npx sequelize-cli db:migrate\n' : '      # - run: what makes your tables\n'}      - run: npx fk-guard check
`;
