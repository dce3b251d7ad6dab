import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGuardedFetch, createMemoryStore, trustAnyone } from '@ekkasan/core'
import { resolveJwtVcIssuer, sdJwtVcHolder } from '@ekkasan/sd-jwt-vc'
import { createMemoryHolderKeys, createWallet } from '@ekkasan/wallet'
import { readClientCertificate } from '@ekkasan/x509'
import { citizens } from '../../citizens/src/index.ts'
import { createBackOffice } from '../../demo/src/back-office.ts'
import { startProgram } from '../../demo/src/program.ts'

/** The reference issuer and verifier as processes, and a wallet in this one. */
export async function startWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-verifier-'))
  const issuer = await startProgram('issuer', {
    DATA_DIR: join(folder, 'issuer'),
    PORT: '0',
    STATUS_SECONDS: '1',
  })
  const verifier = await startProgram('verifier', {
    DATA_DIR: join(folder, 'verifier'),
    PORT: '0',
    TRUSTED_ISSUERS: issuer.address,
    ALLOW_HOSTS: new URL(issuer.address).host,
  })
  const office = createBackOffice(issuer.address, join(folder, 'issuer'))
  const fetch = createGuardedFetch({
    allowHosts: [issuer, verifier].map(({ address }) => new URL(address).host),
  })

  /** A wallet with one national ID; answers links, and has it revoked. */
  const holder = async () => {
    const wallet = createWallet({
      formats: [sdJwtVcHolder({ resolveIssuerKey: resolveJwtVcIssuer({ fetch, allowHttp: true }) })],
      keys: createMemoryHolderKeys(),
      store: createMemoryStore(),
      isTrusted: trustAnyone('a test'),
      readCertificate: readClientCertificate,
      fetch,
    })
    const made = await office('POST', '/offers', {
      subject: citizens[0]?.record.person.pid ?? '',
      credentials: ['ThaiNationalID-sd-jwt-vc'],
      tx_code: true,
    })
    const received = await wallet.readOffer(String(made.uriByReference))
    await wallet.receive(received, { txCode: String(made.txCode) })
    return {
      async answer(link: string) {
        const request = await wallet.readRequest(link)
        const option = request.options[0]
        const candidate = option?.candidates[0]
        if (!option || !candidate) throw new Error('nothing answers the request')
        return wallet.present(request, { [option.queryId]: [candidate.credentialId] })
      },
      async decline(link: string) {
        return wallet.decline(await wallet.readRequest(link))
      },
      async revoke() {
        const { state } = await office('GET', `/offers/${made.id}`)
        const [issuance] = (state as unknown as { issuances: string[] }).issuances
        await office('POST', `/issuances/${issuance}/revoke`)
        await new Promise((resolve) => setTimeout(resolve, 1500))
      },
    }
  }
  return {
    verifier: verifier.address,
    holder,
    async stop() {
      await Promise.all([issuer.stop(), verifier.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
