import { createMemoryStore } from '@ekkasan/core'
import { publicJwkOf } from '@ekkasan/keys'
import {
  createCertificateAuthority,
  createCrlIssuer,
  parseCertificate,
  parseCrl,
  verifyCrl,
  X509Error,
} from '@ekkasan/x509'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, tryParse, tryVerify } from '../target.ts'

const url = 'https://issuer.example/crl'
const world = createWorld()

export const target: FuzzTarget = {
  reads: 'certificate revocation lists in DER (@ekkasan/x509)',
  async seeds() {
    const { issuer, leaf } = await world
    const before = await issuer.issue()
    await issuer.revoke(leaf, { reason: 'keyCompromise' })
    return [before, await issuer.issue()]
  },
  async read(input) {
    const crl = tryParse(() => parseCrl(input), X509Error)
    if (!crl) return
    const { thisUpdate, nextUpdate = thisUpdate, entries } = crl
    for (const date of [thisUpdate, nextUpdate, ...Array.from(entries.values(), ({ since }) => since)])
      insist(!Number.isNaN(date.getTime()), 'every time in a list is one')
    const { leaf, root } = await world
    const [certificate, issuer] = [parseCertificate(leaf), parseCertificate(root)]
    await tryVerify(() => verifyCrl(crl, { certificate, issuer, url, at: new Date() }), X509Error)
  },
}

async function createWorld() {
  const signer = await fuzzSigner('root')
  const authority = await createCertificateAuthority({ signer, subject: { commonName: 'Root' }, crlUrl: url })
  const publicJwk = publicJwkOf(fuzzKey('leaf'))
  const [leaf = ''] = await authority.issue({ subject: { commonName: 'Leaf' }, publicJwk })
  const { certificate: root } = authority
  const issuer = createCrlIssuer({ certificate: root, signer, store: createMemoryStore(), url })
  return { leaf, root, issuer }
}
