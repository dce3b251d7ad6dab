import { parseDcqlQuery, parseOwnDcqlQuery } from '@ekkasan/openid4vc'
import { describe, expect, it } from 'vitest'

const claim = { id: 'age', path: ['age_equal_or_over', '20'], values: [true] }
const credential = {
  id: 'id_card',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['https://issuer.example/card'] },
  claims: [claim],
}
const mdoc = {
  id: 'mdoc',
  format: 'mso_mdoc',
  meta: { doctype_value: 'org.iso.18013.5.1.mDL' },
  claims: [{ path: ['org.iso.18013.5.1', 'age_over_20'], intent_to_retain: false }],
}
const query = {
  credentials: [
    { ...credential, claim_sets: [['age']], trusted_authorities: [{ type: 'aki', values: ['a'] }] },
    mdoc,
    { id: 'ldp', format: 'ldp_vc', meta: { type_values: [['https://a.example/#A']] } },
    { id: 'jwt', format: 'jwt_vc_json', meta: { type_values: [['VerifiableCredential', 'A']] } },
  ],
  credential_sets: [{ options: [['id_card'], ['mdoc']], required: true }],
}
const withCredential = (more: object) => ({ credentials: [{ ...credential, ...more }] })
const withClaim = (more: object) => withCredential({ claims: [more] })

describe("a verifier's own query [C1]", () => {
  it('is taken with every member that OpenID4VP section 6 and Appendix B define', () => {
    expect(parseOwnDcqlQuery(query)).toEqual(query)
  })

  it.each<[object, string]>([
    // The query itself.
    [{ ...query, credential_set: [] }, 'unknown member "credential_set"; did you mean credential_sets?'],
    [{ ...query, purpose: 'a' }, 'unknown member "purpose"; expected one of credentials, credential_sets'],
    [{ credential: [credential] }, 'unknown member "credential"; did you mean credentials?'],
    // A credential.
    [withCredential({ claim: [claim] }), 'credentials[0]: unknown member "claim"; did you mean claims?'],
    [
      withCredential({ claimSets: [['age']] }),
      'credentials[0]: unknown member "claimSets"; did you mean claim_sets?',
    ],
    [
      withCredential({ trusted_authority: [] }),
      'credentials[0]: unknown member "trusted_authority"; did you mean trusted_authorities?',
    ],
    [
      withCredential({ require_cryptographic_holder_bindings: true }),
      'credentials[0]: unknown member "require_cryptographic_holder_bindings"; did you mean require_cryptographic_holder_binding?',
    ],
    [{ credentials: [credential, { ...mdoc, Multiple: true }] }, 'credentials[1]: unknown member "Multiple"'],
    // Its meta.
    [
      withCredential({ meta: { vct_value: 'a' } }),
      'credentials[0].meta: unknown member "vct_value"; did you mean vct_values?',
    ],
    [
      withCredential({ meta: {} }),
      'credentials[0].meta: expected vct_values for dc+sd-jwt; got an object without members',
    ],
    [
      withCredential({ meta: undefined }),
      'credentials[0].meta: expected vct_values for dc+sd-jwt; got undefined',
    ],
    [
      withCredential({ meta: { doctype_value: 'a' } }),
      'credentials[0].meta: unknown member "doctype_value"; expected one of vct_values',
    ],
    [
      { credentials: [{ ...mdoc, meta: { vct_values: ['a'] } }] },
      'credentials[0].meta: unknown member "vct_values"; expected one of doctype_value',
    ],
    [
      { credentials: [{ id: 'a', format: 'ldp_vc', meta: {} }] },
      'credentials[0].meta: expected type_values for ldp_vc; got an object without members',
    ],
    [
      { credentials: [{ id: 'a', format: 'jwt_vc_json', meta: { types: [['A']] } }] },
      'credentials[0].meta: unknown member "types"',
    ],
    // Its claims.
    [
      withClaim({ path: claim.path, value: [true] }),
      'credentials[0].claims[0]: unknown member "value"; did you mean values?',
    ],
    [
      withClaim({ path: ['a'], Values: ['a'] }),
      'credentials[0].claims[0]: unknown member "Values"; did you mean values?',
    ],
    [withClaim({ paths: ['a'] }), 'credentials[0].claims[0]: unknown member "paths"; did you mean path?'],
    [
      withClaim({ path: ['a'], intent_to_retain: true }),
      'credentials[0].claims[0]: unknown member "intent_to_retain"; expected one of id, path, values',
    ],
    [
      withClaim({ path: ['a'], values: true }),
      'credentials[0].claims[0].values: expected a list of 1 to 100 entries; got the boolean true',
    ],
    [
      withClaim({ path: ['a'], values: [] }),
      'credentials[0].claims[0].values: expected a list of 1 to 100 entries; got an empty list',
    ],
    [
      withClaim({ path: 'name' }),
      'credentials[0].claims[0].path: expected a list of 1 to 100 entries; got a text',
    ],
    // Its authorities, its claim sets, the credential sets.
    [
      withCredential({ trusted_authorities: [{ type: 'aki', value: ['a'] }] }),
      'credentials[0].trusted_authorities[0]: unknown member "value"; did you mean values?',
    ],
    [
      withCredential({ claim_sets: [['age'], ['agee']] }),
      'credentials[0].claim_sets[1]: names the id "agee", which is not there; expected one of age',
    ],
    [
      { credentials: [credential], credential_sets: [{ options: [['id_card'], ['idcard']] }] },
      'credential_sets[0].options[1]: names the id "idcard", which is not there; expected one of id_card',
    ],
    [
      { credentials: [credential], credential_sets: [{ option: [['id_card']] }] },
      'credential_sets[0]: unknown member "option"; did you mean options?',
    ],
    [
      { credentials: [credential], credential_sets: [{ options: [['id_card']], require: false }] },
      'credential_sets[0]: unknown member "require"; did you mean required?',
    ],
    [
      { credentials: [credential], credential_sets: [{ options: [['id_card']], required: 'no' }] },
      'credential_sets[0].required: expected true or false; got a text',
    ],
  ])('%# is refused with the place, what was expected and what came', (value, message) => {
    expect(() => parseOwnDcqlQuery(value)).toThrow(
      expect.objectContaining({
        code: 'openid4vc.request.query',
        message: expect.stringContaining(`not an acceptable DCQL query: ${message}`),
      }),
    )
  })

  it('may have the members of an extension, once the extension is named', () => {
    const extended = {
      credentials: [
        {
          ...credential,
          x_reason: 'a',
          meta: { ...credential.meta, x_reason: 1 },
          claims: [{ ...claim, x_reason: 'b' }],
        },
      ],
    }
    expect(() => parseOwnDcqlQuery(extended)).toThrow(/credentials\[0\]: unknown member "x_reason"/)
    expect(parseOwnDcqlQuery(extended, { extensions: ['x_reason'] }).credentials[0]?.claims).toEqual([claim])
    expect(() =>
      parseOwnDcqlQuery(withClaim({ path: ['a'], value: [1] }), { extensions: ['x_reason'] }),
    ).toThrow(/unknown member "value"/)
  })

  it('of a format that is not of OpenID4VP Appendix B needs no meta of ours', () => {
    const foreign = { credentials: [{ id: 'a', format: 'example', meta: {} }] }
    expect(parseOwnDcqlQuery(foreign)).toEqual(foreign)
  })
})

it.each<[object, string]>([
  [withCredential({ claims: [{ ...claim, values: undefined }] }), 'credentials[0].claims[0].values'],
  [withCredential({ claims: undefined, claim_sets: undefined }), 'credentials[0].claims'],
  [withCredential({ trusted_authorities: undefined }), 'credentials[0].trusted_authorities'],
  [{ ...query, credential_sets: undefined }, 'credential_sets'],
])('a member that is undefined would not be sent, and is refused: %j [C1]', (own, at) => {
  expect(() => parseOwnDcqlQuery(own)).toThrow(`${at}: expected a value, or no such member; got undefined`)
})

it('a query that a wallet received keeps its meaning without the members that are not known [C1]', () => {
  const received = {
    credentials: [
      { ...credential, claim: 1, meta: { ...credential.meta }, claims: [{ ...claim, value: [false] }] },
      { id: 'any', format: 'dc+sd-jwt', meta: {} },
    ],
    credential_set: [],
    purpose: 'a',
  }
  expect(parseDcqlQuery(received)).toEqual({
    credentials: [credential, { id: 'any', format: 'dc+sd-jwt', meta: {} }],
  })
})
