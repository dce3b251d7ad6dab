import type { CredentialView } from '@ekkasan/core'
import { isJsonObject, type JsonValue, parseJson } from '@ekkasan/core/json'
import {
  answerableSets,
  isOfTrustedAuthority,
  keepClaims,
  matchCredential,
  missingCredentials,
  PresentationRequestError,
  parseDcqlQuery,
  parseOwnDcqlQuery,
  selectClaims,
} from '@ekkasan/openid4vc'
import { type FuzzTarget, insist, insistSame, linesOf, textOf, tryParse, tryVerify } from '../target.ts'

const claims = {
  name: 'A',
  address: { street: 'B', lines: ['C', 'D'] },
  list: [1, true, { a: 'x' }],
  'org.iso.18013.5.1': { family_name: 'A', age_over_20: true },
}

export const target: FuzzTarget = {
  reads: 'DCQL queries, and credentials held against them (@ekkasan/openid4vc)',
  seeds: () => [
    JSON.stringify({
      credentials: [
        {
          id: 'a',
          format: 'dc+sd-jwt',
          meta: { vct_values: ['https://issuer.example/vct'] },
          trusted_authorities: [{ type: 'aki', values: ['AAAA'] }],
          claims: [
            { id: 'n', path: ['name'], values: ['A', 1] },
            { id: 'l', path: ['address', 'lines', null] },
            { id: 'i', path: ['list', 0], values: [1] },
          ],
          claim_sets: [['n', 'l'], ['i']],
        },
        {
          id: 'b',
          format: 'mso_mdoc',
          multiple: true,
          require_cryptographic_holder_binding: false,
          meta: { doctype_value: 'org.iso.18013.5.1.mDL' },
          claims: [{ path: ['org.iso.18013.5.1', 'family_name'], intent_to_retain: true }],
        },
        { id: 'c', format: 'ldp_vc', meta: { type_values: [['VerifiableCredential', 'X']] } },
      ],
      credential_sets: [{ options: [['a'], ['b', 'c']], required: false }],
    }),
  ],
  async read(input) {
    const value = tryParse(() => parseJson(textOf(input)), SyntaxError)
    if (value === undefined) return readPath(linesOf(input)[0] ?? '')
    const query = tryParse(() => parseDcqlQuery(value), PresentationRequestError)
    const own = tryParse(() => parseOwnDcqlQuery(value), PresentationRequestError)
    insist(!own || query !== undefined, 'a query that may be sent is one that may be received')
    if (!query) return
    insistSame(parseDcqlQuery(query as unknown as JsonValue), query, 'a query is read as the same again')
    const ids = query.credentials.map(({ id }) => id)
    insist(missingCredentials(query, ids).length === 0, 'nothing is missing where everything was answered')
    missingCredentials(query, [])
    answerableSets(query, ids)
    for (const credential of query.credentials) {
      const view: CredentialView = {
        format: credential.format,
        types: ['https://issuer.example/vct', 'org.iso.18013.5.1.mDL', 'VerifiableCredential', 'X'],
        claims,
        holderBound: true,
      }
      for (const presented of [false, true]) {
        const match = matchCredential(credential, view, presented)
        if (match.matches && !presented) {
          for (const path of match.disclose)
            insist(selectClaims(claims, path).length > 0, 'what is to be disclosed is there')
          insist(isJsonObject(keepClaims(claims, match.disclose)), 'what is disclosed is an object')
        }
      }
      await tryVerify(() => isOfTrustedAuthority(credential, view, {}), PresentationRequestError)
    }
  },
}

/** A path alone, of names and indices with commas between. */
function readPath(text: string): void {
  const path = text
    .split(',')
    .map((part) => (part === '' ? null : /^\d{1,3}$/.test(part) ? Number(part) : part))
  insist(
    selectClaims(claims, path).every((found) => found.value !== undefined),
    'what is selected is there',
  )
  keepClaims(claims, [path])
}
