// The rooms of the house and what each may import; docs/architecture.md shows them as a picture.
const rooms = {
  core: [],
  keys: ['core', 'jose'],
  cose: ['core', 'keys'],
  did: ['core', 'keys', 'did-resolver'],
  x509: ['core', 'keys', '@peculiar/asn1-[a-z0-9]+'],
  'sd-jwt': ['core', 'keys'],
  vcdm: ['core', '@cfworker/json-schema'],
  thai: ['core'],
  'sd-jwt-vc': ['core', 'keys', 'sd-jwt', 'vcdm'],
  'vc-jose-cose': ['core', 'keys', 'cose', 'sd-jwt', 'vcdm'],
  'jwt-vc': ['core', 'keys', 'vcdm', 'did-jwt-vc'],
  mdoc: ['core', 'keys', 'cose'],
  'data-integrity': ['core', 'keys', 'cose', 'did', 'vcdm', '@noble/curves'],
  status: ['core', 'keys', 'cose', 'vcdm'],
  openid4vc: ['core', 'keys'],
  issuer: ['core', 'keys', 'openid4vc'],
  verifier: ['core', 'keys', 'openid4vc'],
  wallet: ['core', 'keys', 'openid4vc', 'oauth4webapi'],
  'store-sqlite': ['core', 'node:sqlite'],
  'store-postgres': ['core', 'pg'],
  veramo: ['core', 'keys', 'did', 'vcdm', 'vc-jose-cose', 'jwt-vc', '@veramo/[a-z0-9-]+'],
}
const escape = (name) => (name.includes('[') ? name : name.replaceAll('.', '\\.'))

const roomRules = Object.entries(rooms).map(([room, allowed]) => {
  const own = `^packages/${room}/`
  const packages = allowed.filter((name) => name in rooms).map((name) => `^packages/${name}/`)
  const outside = allowed.filter((name) => !(name in rooms)).map((name) => (name.startsWith('node:') ? `^(node:)?${name.slice(5)}$` : `node_modules/${escape(name)}/`))
  return {
    name: `room-${room}`,
    comment: `packages/${room} may import only: ${allowed.join(', ') || 'nothing'}`,
    severity: 'error',
    from: { path: `^packages/${room}/src/`, pathNot: '\\.node\\.ts$' },
    to: { pathNot: [own, ...packages, ...outside].join('|') },
  }
})

export default {
  forbidden: [
    ...roomRules,
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-deep-imports',
      comment: 'packages are entered by their entry points',
      severity: 'error',
      from: { path: '^(packages|examples)/([^/]+)/' },
      to: { path: '^packages/([^/]+)/src/', pathNot: ['^packages/$2/', '^packages/[^/]+/src/(index|bytes|json|options|check-texts|addresses|bbs)\\.ts$'] },
    },
    {
      name: 'bbs-is-loaded-when-needed',
      comment: 'who uses other cryptosuites does not load a pairing',
      severity: 'error',
      from: { path: '^packages/data-integrity/src/', pathNot: '^packages/data-integrity/src/(bbs\\.ts|internal/bbs/)' },
      to: { path: '^packages/data-integrity/src/internal/bbs/', dynamic: false },
    },
    {
      name: 'libraries-do-not-know-programs',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(examples|test)/' },
    },
    {
      name: 'no-bins',
      comment: 'a file is named by the verb or the noun of the standard',
      severity: 'error',
      from: {},
      to: { path: '^(packages|examples)/.*/(utils?|common|helpers?)(\\.ts|/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|test)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@ekkasan/source', 'node', 'import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
  },
}
