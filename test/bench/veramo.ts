import {
  type CredentialPayload,
  createAgent,
  type ICredentialPlugin,
  type IDIDManager,
  type IKeyManager,
  type IResolver,
} from '@veramo/core'
import { CredentialProviderJWT } from '@veramo/credential-jwt'
import { CredentialPlugin } from '@veramo/credential-w3c'
import { DIDManager, MemoryDIDStore } from '@veramo/did-manager'
import { getDidKeyResolver, KeyDIDProvider } from '@veramo/did-provider-key'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { KeyManager, MemoryKeyStore, MemoryPrivateKeyStore } from '@veramo/key-manager'
import { KeyManagementSystem } from '@veramo/kms-local'
import type { Contender } from './contest.ts'
import { now, twelveClaims } from './material.ts'

/** An agent with its keys in memory and did:key with Ed25519, as its documentation sets it up. */
async function createVeramo() {
  const agent = createAgent<IKeyManager & IDIDManager & IResolver & ICredentialPlugin>({
    plugins: [
      new KeyManager({
        store: new MemoryKeyStore(),
        kms: { local: new KeyManagementSystem(new MemoryPrivateKeyStore()) },
      }),
      new DIDManager({
        store: new MemoryDIDStore(),
        defaultProvider: 'did:key',
        providers: { 'did:key': new KeyDIDProvider({ defaultKms: 'local' }) },
      }),
      new DIDResolverPlugin({ ...getDidKeyResolver() }),
      new CredentialPlugin([new CredentialProviderJWT()]),
    ],
  })
  const { did } = await agent.didManagerCreate({ options: { keyType: 'Ed25519' } })
  const credentialOf = (seed: number): CredentialPayload => ({
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiableCredential', 'ThaiNationalIDCredential'],
    issuer: { id: did },
    issuanceDate: new Date((now() - 60) * 1000).toISOString(),
    expirationDate: new Date((now() + 86_400) * 1000).toISOString(),
    credentialSubject: { id: 'did:example:holder', ...twelveClaims(seed) },
  })
  const issue = (credential: CredentialPayload) =>
    agent.createVerifiableCredential({ credential, proofFormat: 'jwt' })
  return { agent, credentialOf, issue }
}

export async function veramoIssue(): Promise<Contender<CredentialPayload>> {
  const { credentialOf, issue } = await createVeramo()
  return {
    name: 'Veramo 7, EdDSA',
    count: 25,
    prepare: (count) => Array.from({ length: count }, (_, seed) => credentialOf(seed)),
    run: issue,
  }
}

export async function veramoVerify(): Promise<Contender<string>> {
  const { agent, credentialOf, issue } = await createVeramo()
  return {
    name: 'Veramo 7, EdDSA',
    count: 15,
    async prepare(count) {
      const jwts: string[] = []
      for (let seed = 0; seed < count; seed++) {
        const { proof } = await issue(credentialOf(seed))
        jwts.push((proof as { jwt: string }).jwt)
      }
      return jwts
    },
    async run(credential) {
      const { verified } = await agent.verifyCredential({ credential })
      if (!verified) throw new Error('not verified')
    },
  }
}
