import { jwkThumbprint, parseJws, parsePublicJwk } from '@ekkasan/keys'
import {
  namesFromDisplay,
  parseAuthorizationDetails,
  parseCredentialConfiguration,
  parseCredentialIssuerMetadata,
  parseCredentialOffer,
  parseCredentialRequest,
  parseCredentialResponse,
  preAuthorizedCodeGrant,
} from '@ekkasan/openid4vc'
import { describe, expect, it } from 'vitest'
import { readVector } from '../../../../test/vectors.ts'

const read = (name: string) => readVector(`openid4vci/1.0/examples/${name}`)
/** The body of an example that is written as an HTTP answer, its line breaks for display taken out of texts. */
const bodyOf = (name: string) => read(name).slice(read(name).indexOf('{'))
const unfold = (json: string) => json.replaceAll(/\n +(?=[^ "{}[\]])/g, '')

describe('the standard’s own examples (OpenID4VCI 1.0)', () => {
  it('credential offers are read (section 4.1)', () => {
    expect(parseCredentialOffer(read('credential_offer_multiple_credentials.json'))).toEqual({
      credential_issuer: 'https://credential-issuer.example.com',
      credential_configuration_ids: ['UniversityDegreeCredential', 'org.iso.18013.5.1.mDL'],
      grants: {
        [preAuthorizedCodeGrant]: {
          'pre-authorized_code': 'oaKazRN8I0IbtZ0C7JuMn5',
          tx_code: {
            length: 4,
            input_mode: 'numeric',
            description: 'Please provide the one-time code that was sent via e-mail',
          },
        },
      },
    })
    const byReference = parseCredentialOffer(read('credential_offer_by_reference.json'))
    expect(byReference.grants?.[preAuthorizedCodeGrant]?.tx_code).toEqual({})
    const preAuthorized = parseCredentialOffer(read('credential_offer_pre-authz_code.json'))
    expect(preAuthorized.grants?.[preAuthorizedCodeGrant]?.tx_code?.description).toMatch(/^Please provide/)
    const code = parseCredentialOffer(bodyOf('credential_offer_authz_code.txt'))
    expect(code.grants).toEqual({ authorization_code: { issuer_state: 'eyJhbGciOiJSU0Et...FYUaBy' } })
  })

  it('credential issuer metadata is read (section 12.2.4)', () => {
    const metadata = parseCredentialIssuerMetadata(
      read('credential_issuer_metadata_sd_jwt_long.json'),
      'https://credential-issuer.example.com',
    )
    expect(metadata.authorization_servers).toEqual(['https://server.example.com'])
    expect(metadata.nonce_endpoint).toBe('https://credential-issuer.example.com/nonce')
    expect(metadata.batch_credential_issuance).toEqual({ batch_size: 10 })
    expect(namesFromDisplay(metadata.display)).toEqual({
      'en-US': 'Example University',
      'fr-FR': 'Example Université',
    })
    expect(Object.values(metadata.credential_configurations_supported)[0]?.format).toBe('dc+sd-jwt')
  })

  it('what the signed metadata say is read (section 12.2.3); signed metadata are not asked for', () => {
    const { header, payload } = parseJws(
      read('credential_issuer_metadata_sd_jwt_jwt.txt').replaceAll(/\s/g, ''),
    )
    expect(header.typ).toBe('openidvci-issuer-metadata+jwt')
    const issuer = 'https://credential-issuer.example.com'
    const metadata = parseCredentialIssuerMetadata(JSON.stringify(payload), issuer)
    expect(metadata.credential_endpoint).toMatch(/^https:/)
    expect(Object.keys(metadata.credential_configurations_supported)).toHaveLength(1)
  })

  it('the key set of the issuer is read', () => {
    const { keys } = JSON.parse(read('issuer_jwks.json').replaceAll(/\n +(?=c2d)/g, '')).jwks
    for (const jwk of keys) expect(parsePublicJwk(jwk)).toEqual(jwk)
    expect(jwkThumbprint(keys[0])).toBe(keys[0].kid.split(':').at(-1))
  })

  it.each(['jwt_vc_json', 'ldp_vc', 'mso_mdoc', 'sd_jwt_vc'])(
    'the credential configuration of %s is read (Appendix A)',
    (name) => {
      const { credential_configurations_supported: configurations } = JSON.parse(
        read(`credential_metadata_${name}.json`),
      )
      for (const configuration of Object.values(configurations)) {
        expect(parseCredentialConfiguration(configuration)).toEqual(configuration)
      }
    },
  )

  it.each([
    ['authorization_details', ['UniversityDegreeCredential']],
    ['authorization_details_jwt_vc_json', ['UniversityDegreeCredential']],
    ['authorization_details_ldp_vc', ['UniversityDegree_LDP_VC']],
    ['authorization_details_mso_doc', ['org.iso.18013.5.1.mDL']],
    ['authorization_details_multiple_credentials', ['UniversityDegreeCredential', 'org.iso.18013.5.1.mDL']],
    ['authorization_details_sd_jwt_vc', ['PID_SD_JWT_VC']],
    ['authorization_details_with_as', ['UniversityDegreeCredential']],
  ])('%s are read (section 5.1.1)', (name, ids) => {
    const issuer = 'https://credential-issuer.example.com'
    expect(parseAuthorizationDetails(read(`${name}.json`), issuer)).toEqual(ids)
  })

  it.each(['jwt_vc_json', 'mso_mdoc', 'sd_jwt_vc'])(
    'the credential response of %s is read (section 8.3)',
    (name) => {
      const response = parseCredentialResponse(unfold(bodyOf(`credential_response_${name}.txt`)))
      expect(response).toMatchObject({ credentials: [{ credential: expect.stringMatching(/^[\w~.-]+$/) }] })
    },
  )

  it('a credential that is an object is not one of our formats (Appendix A.1.2)', () => {
    const body = bodyOf('credential_response_ldp_vc.txt')
    expect(() => parseCredentialResponse(body)).toThrow(/credential/)
  })

  it('the credential request of the mdoc example has none of the two identifiers of the final text', () => {
    const json = read('credential_request_iso_mdl.json')
    expect(() => parseCredentialRequest(json, { maxProofs: 1 })).toThrow(/exactly one/)
  })
})
