import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { listVectors, readVector } from '../vectors.ts'

const root = new URL('../../', import.meta.url)

const suites = [
  ...['sd-jwt', 'sd-jwt-vc', 'token-status-list', 'openid4vci', 'openid4vp'],
  ...['di-eddsa', 'di-ecdsa', 'di-bbs'],
]
const files = suites.flatMap(listVectors)

/** Which test reads what, and by which words its source is known to. */
const used: readonly (readonly [files: RegExp, test: string, ...words: string[]])[] = [
  [
    /^sd-jwt(-vc)?\/examples\/([\w-]+\/specification|settings)\.yml$|^openid4vp\/.*\/sd_jwt_vcld\/(01\/\w+\.\w+|settings\.yml)$/,
    'packages/sd-jwt/test/specification.test.ts',
    ...['specification.yml', 'settings.yml', 'sd_jwt_vcld', 'user_claims.json', 'disclosures.md'],
    ...['sd_jwt_issuance.txt', 'sd_jwt_presentation.txt', 'sd_jwt_jws_part.txt', 'sd_jwt_payload.json'],
    ...['kb_jwt_header.json', 'kb_jwt_payload.json', 'kb_jwt_serialized.txt', 'verified_contents.json'],
  ],
  [
    /^token-status-list\/.*encoding\d?(_long)?_json\.md$/,
    'packages/status/test/status-list.test.ts',
    ...['encoding_json', 'encoding2_json', 'encoding1_long_json', 'encoding2_long_json'],
    ...['encoding4_json', 'encoding8_json'],
  ],
  [/^token-status-list\/.*\/status_list_jwt(_raw)?\.md$/, 'packages/status/test/vectors.test.ts', 'jwt_raw'],
  [
    /^token-status-list\/.*\/status_list_(cwt|encoding\d?(_long)?_cbor)\.md$/,
    'packages/status/test/cwt.test.ts',
    ...['status_list_cwt.md', '_cbor.md', 'encoding1_long', 'encoding2_long', 'encoding4', 'encoding8'],
  ],
  [
    /^openid4vci\/.*\/(?!wallet_attestation)[\w-]+\.(json|txt)$/,
    'packages/openid4vc/test/issuance/vectors.test.ts',
    ...['authorization_details_with_as', 'authorization_details_multiple_credentials', 'issuer_jwks.json'],
    ...['credential_issuer_metadata_sd_jwt_jwt.txt', 'credential_issuer_metadata_sd_jwt_long.json'],
    ...['credential_metadata_', 'credential_offer_authz_code.txt', 'credential_offer_by_reference.json'],
    ...['credential_offer_multiple_credentials.json', 'credential_offer_pre-authz_code.json'],
    ...['credential_request_iso_mdl.json', 'credential_response_', 'credential_response_ldp_vc.txt'],
  ],
  [
    /^openid4vp\/.*\/(query_lang\/\w+|request\/dcql_\w+)\.json$/,
    'packages/openid4vc/test/presentation/dcql.test.ts',
    'query_lang',
  ],
  [
    /^openid4vp\/.*\/(client_metadata\/\w+|request\/request_\w+)\.json$/,
    'packages/openid4vc/test/presentation/request-object.test.ts',
    ...['client_metadata/', 'request_header_client_id_did.json', 'request_object_client_id_did.json'],
  ],
  [
    /^openid4vp\/.*\/digital_credentials_api\/signed_request_payload(_compact)?\.json$/,
    'packages/openid4vc/test/presentation/dc-api-request.test.ts',
    ...["'signed_request_payload'", "'signed_request_payload_compact'"],
  ],
  [
    /^openid4vp\/.*\/response\/(jwt|ldp)_vc\.json$/,
    'packages/openid4vc/test/presentation/response.test.ts',
    ...['jwt_vc', 'ldp_vc'],
  ],
  [
    /^openid4vp\/.*\/(credentials\/sd_jwt_vc(_unsecured)?|response\/kb_jwt_unsecured)\.json$/,
    'packages/sd-jwt-vc/test/vectors.test.ts',
    ...['sd_jwt_vc.json', 'sd_jwt_vc_unsecured.json', 'kb_jwt_unsecured.json'],
  ],
  [
    /^di-e\w+\/TestVectors\/(e\w+-(rdfc|jcs)-20\d\d(-p\d+)?\/.*|proof-set-chain\/(signed\w+|unsigned|multiKeyPairs)\.json|(unsigned|employmentAuth|keyPair)\.json)$/,
    'packages/data-integrity/test/vectors.test.ts',
    ...['canonDoc', 'proofCanon', 'docHash', 'proofHash', 'combinedHash', 'sigHex', 'sigBTC58', 'signed$'],
    ...['signedProofSet2', 'signedProofChain2', 'multiKeyPairs.json', 'keyPair.json', 'employ'],
  ],
  [
    /^di-ecdsa\/TestVectors\/(ecdsa-sd-2023\/(SDKeyMaterial|\w+\/(add(BaseTransform|HashData|RawBaseSignatureInfo|SignedSDBase)|derived(RevealDocument|UnsignedReveal)))|(employ|prCred)(Mandatory|Selective))\.json$/,
    'packages/data-integrity/test/ecdsa-sd.test.ts',
    ...['addBaseTransform', 'addHashData', 'addRawBaseSignatureInfo', 'addSignedSDBase', 'Selective.json'],
    ...['derivedRevealDocument', 'derivedUnsignedReveal', 'SDKeyMaterial.json', 'Mandatory.json'],
  ],
  [
    /^di-bbs\/TestVectors\/((prc\/)?(add(BaseTransform|HashData|RawBaseSignatureInfo|SignedSDBase)|derived(DisclosureData|RevealDocument|UnsignedReveal))|BBS(Key|Derive)Material|(wind|prCred)(Mandatory|Selective))\.json$/,
    'packages/data-integrity/test/bbs.test.ts',
    ...['addBaseTransform', 'addHashData', 'addRawBaseSignatureInfo', 'addSignedSDBase', 'Selective.json'],
    ...['derivedDisclosureData', 'derivedRevealDocument', 'derivedUnsignedReveal', 'Mandatory.json'],
    ...['BBSKeyMaterial.json', 'BBSDeriveMaterial.json'],
  ],
  // The proof values of Pseudonym and PseudonymHB are not what the text of the same commit says, and are refused as
  // they stand: both begin with the bytes of holder_binding_pseudonym, signer_nym_entropy is a tagged number (no tags,
  // section 3.3.1), nym_domain is not there (section 3.3.6). All else in them is compared byte for byte.
  [
    /^di-bbs\/TestVectors\/((HolderBinding|Pseudonym|PseudonymHB)\/(add(BaseTransform|HashData|RawBaseSignatureInfo|SignedSDBase)|commitmentInfo|nymSecret|derived(DisclosureData|RevealDocument|UnsignedReveal))|FeatureInputs\/\w+)\.json$/,
    'packages/data-integrity/test/bbs-feature-vectors.test.ts',
    ...['addBaseTransform', 'addHashData', 'addRawBaseSignatureInfo', 'addSignedSDBase', 'commitmentInfo'],
    ...['nymSecret', 'derivedDisclosureData', 'derivedRevealDocument', 'derivedUnsignedReveal'],
    ...['holderSecret', 'proverNym', 'signerNymEntropy', 'verifierInfo'],
    ...["input('license')", 'licenseMandatory', 'licenseSelective'],
  ],
]

const unused: readonly (readonly [files: RegExp, reason: string])[] = [
  [/^token-status-list\/.*_diag\.md$/, 'what is beside it, in diagnostic notation'],
  [/^token-status-list\/.*\/referenced_token_cwt\.md$/, 'its payload is a CWT: no format here is one'],
  [/^openid4vci\/.*\/wallet_attestation\.jwt\.txt$/, 'attestations are not built yet'],
  [/^openid4vp\/.*\/digital_credentials_api\/error_/, 'a wallet sends nothing when it refuses a request'],
  [/^openid4vp\/.*\/credentials\/ldp_vc\.json$/, 'its proof value is abridged: there is nothing to verify'],
  [
    /^openid4vp\/.*\/credentials\/jwt_vc\.json$/,
    'claims without a signature; response/jwt_vc.json is around the same credential',
  ],
  [/^di-eddsa\/.*\/Ed25519Signature2020\//, 'a cryptosuite of before Data Integrity, not of the house'],
  [/^di-eddsa\/.*\/proof(Set|Chain)(Config|TempDoc)\w+\.json$/, 'on the way to the signed sets and chains'],
  [
    /^di-(ecdsa\/.*\/ecdsa-sd-2023\/\w+|bbs\/TestVectors(\/\w+)?)\/(addBaseDoc\w+|addPointerValues|addProofConfig\w*|verify\w+)\.\w+$/,
    'on the way to what is read: base and derived values are compared whole',
  ],
  [
    /^di-(ecdsa\/.*\/ecdsa-sd-2023\/\w+|bbs\/TestVectors(\/\w+)?)\/derived(Adj\w+|AllGroupData|GroupIndexes|RecoveredBaseData)\.json$/,
    'on the way to what is read: base and derived values are compared whole',
  ],
  [/^di-ecdsa\/.*\/derivedDisclosureData\.json$/, 'on the way to the derived document'],
  [/^di-ecdsa\/TestVectors\/p\d+KeyPair\.json$/, 'ECDSA is randomized; the public key stands in the proof'],
  [/^di-(ecdsa|bbs)\/TestVectors\/(prCredUnsigned|windDoc)\.json$/, 'stands whole in what is read'],
  [/README\.md$/, 'says what is beside it'],
]

it('every vector of the standards is read by one test, or has its reason not to be', () => {
  for (const file of files) readVector(file)
  expect(files.length).toBeGreaterThan(90)
  const patterns = [...used, ...unused].map(([pattern]) => pattern)
  const wrong = files.filter((file) => patterns.filter((pattern) => pattern.test(file)).length !== 1)
  expect(wrong).toEqual([])
  expect(patterns.filter((pattern) => !files.some((file) => pattern.test(file)))).toEqual([])
})

it.each(used.map(([, test, ...words]) => ({ test, words })))('$test reads them', ({ test, words }) => {
  const path = new URL(test, root)
  expect(existsSync(path)).toBe(true)
  const source = readFileSync(path, 'utf8')
  expect(words.filter((word) => !source.includes(word))).toEqual([])
})
