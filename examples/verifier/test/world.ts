import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGuardedFetch, createMemoryStore, type DcApiRequest, trustAnyone } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { isoMdocHolder } from '@ekkasan/mdoc'
import { createMemoryHolderKeys, createWallet, type ReceivedRequest, requireReceived } from '@ekkasan/wallet'
import { readClientCertificate } from '@ekkasan/x509'
import { expect } from 'vitest'
import { citizens } from '../../citizens/src/index.ts'
import { createBackOffice } from '../../demo/src/back-office.ts'
import { startProgram } from '../../demo/src/program.ts'
import { issuerKeys, trustedAuthorities } from '../../documents/src/index.ts'
import { createHolderFormats } from '../../wallet/src/formats.ts'

/** The reference issuer and verifier as processes, and a wallet in this one. */
export async function startWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-verifier-'))
  const issuer = await startProgram('issuer', {
    DATA_DIR: join(folder, 'issuer'),
    PORT: '0',
    STATUS_SECONDS: '1',
  })
  const certificate = join(folder, 'issuer', 'certificates', 'authority.pem')
  const verifier = await startProgram('verifier', {
    DATA_DIR: join(folder, 'verifier'),
    PORT: '0',
    TRUSTED_ISSUERS: issuer.address,
    TRUSTED_CERTIFICATES: certificate,
    NAME_AUTHORITIES: '1',
    ALLOW_HOSTS: new URL(issuer.address).host,
  })
  const office = createBackOffice(issuer.address, join(folder, 'issuer'))
  const verifierOffice = createBackOffice(verifier.address, join(folder, 'verifier'))
  const identity = await verifierOffice('GET', '/identity')
  const fetch = createGuardedFetch({
    allowHosts: [issuer, verifier].map(({ address }) => new URL(address).host),
  })

  const resolveDid = createDidResolver()
  const certificates = [readFileSync(certificate, 'utf8')]
  const keys = issuerKeys({ fetch, resolveDid, allowHttp: true, certificates })

  /** A wallet with one document; answers links and the browser, and has it revoked. */
  const holder = async (configuration = 'ThaiNationalID-sd-jwt-vc') => {
    const wallet = createWallet({
      formats: createHolderFormats({ ...keys, issuers: [issuer.address] }),
      dcApiProtocols: [isoMdocHolder({ readCertificate: readClientCertificate })],
      keys: createMemoryHolderKeys(),
      store: createMemoryStore(),
      isTrusted: trustAnyone('a test'),
      readCertificate: readClientCertificate,
      trustedAuthorities,
      fetch,
    })
    const made = await office('POST', '/offers', {
      subject: citizens[0]?.record.person.pid ?? '',
      credentials: [configuration],
      tx_code: true,
    })
    const received = await wallet.readOffer(String(made.uriByReference))
    requireReceived(await wallet.receive(received, { txCode: String(made.txCode) }))
    const answer = async (link: string) => present(await wallet.readRequest(link))
    const present = (request: ReceivedRequest) => {
      const option = request.options[0]
      const candidate = option?.candidates[0]
      if (!option || !candidate) throw new Error('nothing answers the request')
      return wallet.present(request, { [option.queryId]: [candidate.credentialId] })
    }
    return {
      answer,
      async answerInBrowser(request: DcApiRequest & { readonly origin: string }) {
        const read = await wallet.openDcApiRequest(request)
        const { dcApiResponse } = await present(read)
        if (!dcApiResponse) throw new Error('no answer for the browser')
        return { ...dcApiResponse, asker: read.verifier }
      },
      async decline(link: string) {
        return wallet.decline(await wallet.readRequest(link))
      },
      /** Revokes the document, and returns once the verifier, asking for `useCase`, refuses it. */
      async revoke(useCase: string) {
        const { state } = await office('GET', `/offers/${made.id}`)
        const [issuance] = (state as unknown as { issuances: string[] }).issuances
        await office('POST', `/issuances/${issuance}/revoke`)
        const refusal = async () => {
          const asked = await verifierOffice('POST', '/requests', { use_case: useCase })
          return answer(String(asked.request_uri)).then(
            () => 'accepted',
            (error: { readonly code?: string }) => error.code,
          )
        }
        await expect.poll(refusal, { interval: 50, timeout: 10_000 }).toBe('wallet.present.refused')
      },
    }
  }
  return {
    verifier: verifier.address,
    clientId: String(identity.client_id),
    holder,
    async stop() {
      await Promise.all([issuer.stop(), verifier.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
