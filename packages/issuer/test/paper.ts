import {
  type BindingMethod,
  type DocumentType,
  type HolderFormat,
  type IssuerFormat,
  type JsonObject,
  requireTokenStatus,
  type Signer,
  type StatusKind,
  textCredential,
} from '@ekkasan/core'
import { isSameKey, parseJws, signJws, verifyJws } from '@ekkasan/keys'

// A credential format with nothing in it but what the protocol needs: a JWT with the claims, the holder's key and
// the status. The protocol is tested with it, so that no fault of a real format hides one of the protocol.

export const paperDocument: DocumentType = {
  id: 'Paper',
  type: 'PaperCredential',
  version: '1',
  names: { th: 'กระดาษ', en: 'Paper' },
  description: { th: 'เอกสารทดสอบ', en: 'A document to test with' },
  claims: [
    { path: ['name'], names: { th: 'ชื่อ', en: 'Name' }, disclosure: 'selective', mandatory: true },
    { path: ['born'], names: { th: 'วันเกิด', en: 'Born' }, disclosure: 'selective' },
  ],
  schema: {},
  display: { backgroundColor: '#ffffff', textColor: '#000000' },
}

export function paper(options: {
  readonly signer: Signer
  readonly bindingMethods?: readonly BindingMethod[]
  readonly statusKinds?: readonly StatusKind[]
  readonly name?: string
  readonly issue?: IssuerFormat['issue']
}): IssuerFormat {
  const { signer, bindingMethods = ['jwk'], statusKinds = ['token'], name = 'paper+jwt' } = options
  return {
    format: name,
    bindingMethods,
    signingAlgorithms: [signer.alg],
    statusKinds,
    configurationId: (document) => `${document.id}-${name}`,
    configuration: (document) => ({ kind: document.type }),
    issue:
      options.issue ??
      (({ issuer, claims, holder, status, validity, id }) =>
        signJws({
          signer,
          header: { typ: 'paper+jwt' },
          payload: {
            iss: issuer,
            jti: id,
            iat: Math.floor(validity.from.getTime() / 1000),
            claims,
            ...(holder && { cnf: { jwk: holder.jwk as unknown as JsonObject } }),
            ...(holder?.kid !== undefined && { kid: holder.kid }),
            ...(status && { status: { ...requireTokenStatus(status) } }),
          },
        })),
    served: () => [{ path: `/documents/${name}`, contentType: 'application/json', body: '{"paper":true}' }],
  }
}

export function paperHolder(issuerKey: Signer, name = 'paper+jwt'): HolderFormat {
  return {
    format: name,
    metadata: {},
    async accept(credential, { holder, issuer }) {
      const jws = parseJws(textCredential(credential))
      if (!(await verifyJws(jws, issuerKey.key.publicJwk))) throw new Error('not signed by the issuer')
      const { cnf, iss, claims } = jws.payload as unknown as {
        cnf: { jwk: typeof holder.jwk }
        iss: string
        claims: JsonObject
      }
      if (!isSameKey(cnf.jwk, holder.jwk) || iss !== issuer) throw new Error('not what was asked for')
      return {
        issuer: { id: issuer, method: 'jwt-vc-issuer' },
        validity: {},
        view: { format: name, types: ['PaperCredential'], claims, holderBound: true },
        checks: [{ name: 'issuer-signature', outcome: 'passed' }],
      }
    },
    view: () => ({ format: name, types: ['PaperCredential'], claims: {}, holderBound: true }),
    shown: () => [],
    present: async (credential) => credential,
  }
}
