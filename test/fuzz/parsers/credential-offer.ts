import { parseJsonObject } from '@ekkasan/core/json'
import {
  type CredentialOffer,
  credentialOfferUri,
  credentialOfferUriByReference,
  displayFromNames,
  IssuanceMessageError,
  isShownText,
  namesFromDisplay,
  parseCredentialConfiguration,
  parseCredentialIssuerMetadata,
  parseCredentialOffer,
  parseCredentialOfferUri,
  parseCredentialResponse,
  parseGrantedIdentifiers,
  parseNonceResponse,
  preAuthorizedCodeGrant,
} from '@ekkasan/openid4vc'
import { type FuzzTarget, insist, insistSame, textOf, tryParse } from '../target.ts'

const issuer = 'https://issuer.example'
const offer: CredentialOffer = {
  credential_issuer: issuer,
  credential_configuration_ids: ['ThaiNationalID'],
  grants: {
    [preAuthorizedCodeGrant]: {
      'pre-authorized_code': 'c',
      tx_code: { input_mode: 'numeric', length: 6, description: 'รหัส' },
      authorization_server: 'https://as.example',
    },
    authorization_code: { issuer_state: 's' },
  },
}
const display = [
  { name: 'บัตร', locale: 'th', logo: { uri: 'https://a.example/l' }, background_color: '#fff' },
]
const configuration = {
  format: 'dc+sd-jwt',
  vct: 'https://issuer.example/vct',
  scope: 'id',
  cryptographic_binding_methods_supported: ['jwk', 'did:key'],
  credential_signing_alg_values_supported: ['ES256'],
  proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
  credential_metadata: { display, claims: [{ path: ['name', null, 1], mandatory: true, display }] },
}

export const target: FuzzTarget = {
  reads:
    'what a wallet is sent for an issuance: offers as URI and JSON, issuer metadata, responses of token, nonce and credential endpoint (@ekkasan/openid4vc)',
  seeds: () => [
    credentialOfferUri(offer),
    credentialOfferUriByReference('https://issuer.example/offer/1'),
    JSON.stringify(offer),
    JSON.stringify({
      credential_issuer: issuer,
      authorization_servers: ['https://as.example'],
      credential_endpoint: `${issuer}/credential`,
      nonce_endpoint: `${issuer}/nonce`,
      deferred_credential_endpoint: `${issuer}/deferred`,
      notification_endpoint: `${issuer}/notification`,
      credential_response_encryption: {
        alg_values_supported: ['ECDH-ES'],
        enc_values_supported: ['A256GCM'],
        encryption_required: false,
      },
      batch_credential_issuance: { batch_size: 10 },
      display,
      credential_configurations_supported: {
        ThaiNationalID: configuration,
        mdoc: { format: 'mso_mdoc', doctype: 'd', credential_signing_alg_values_supported: [-7] },
        w3c: { format: 'jwt_vc_json', credential_definition: { type: ['VerifiableCredential'] } },
      },
    }),
    JSON.stringify(configuration),
    '{"credentials":[{"credential":"eyJ"},{"credential":{"type":["A"]}}],"notification_id":"n"}',
    '{"transaction_id":"t","interval":5}',
    '{"c_nonce":"n"}',
    '{"access_token":"a","token_type":"Bearer","authorization_details":[{"type":"openid_credential","credential_configuration_id":"ThaiNationalID","credential_identifiers":["x"]}]}',
  ],
  read(input) {
    const text = textOf(input)
    const link = tryParse(() => parseCredentialOfferUri(text), IssuanceMessageError)
    if (link && 'reference' in link) insist(URL.canParse(link.reference), 'a reference is a URL')
    if (link && 'offer' in link) readOffer(link.offer)
    const own = tryParse(() => parseCredentialOffer(text), IssuanceMessageError)
    if (own) readOffer(own)
    readMetadata(text)
    tryParse(() => parseCredentialResponse(text), IssuanceMessageError)
    tryParse(() => parseNonceResponse(text), IssuanceMessageError)
    const json = tryParse(() => parseJsonObject(text), SyntaxError)
    if (!json) return
    tryParse(() => parseCredentialConfiguration(json), IssuanceMessageError)
    tryParse(() => parseGrantedIdentifiers(json), IssuanceMessageError)
  },
}

function readOffer(read: CredentialOffer): void {
  const description = read.grants?.[preAuthorizedCodeGrant]?.tx_code?.description
  insist(
    description === undefined || isShownText(description),
    'what is shown of an offer is fit for a screen',
  )
  const uri = credentialOfferUri(read)
  if (uri.length <= 16_384)
    insistSame(parseCredentialOfferUri(uri), { offer: read }, 'an offer written anew is read as the same')
}

function readMetadata(text: string): void {
  const metadata = tryParse(() => parseCredentialIssuerMetadata(text, issuer), IssuanceMessageError)
  if (!metadata) return
  const { diagnosis, ...kept } = metadata
  const again = parseCredentialIssuerMetadata(JSON.stringify(kept), issuer)
  insist(again.diagnosis.length === 0, 'what was kept of the metadata has no fault')
  insistSame({ ...again, diagnosis }, metadata, 'what was kept of the metadata is read as the same')
  const names = namesFromDisplay(metadata.display)
  displayFromNames(names)
}
