import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { JsonObject } from '@ekkasan/core/json'
import { addProof, issueLdpVc } from '@ekkasan/data-integrity'
import { didKeyOf, didKeyUrlOf } from '@ekkasan/did'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { presentVpJwt } from '@ekkasan/vc-jose-cose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ekkasan-vc-api-'))
let child: ChildProcess
let base = ''
let token = ''
let instances: readonly { readonly name: string; readonly did: string }[] = []

beforeAll(async () => {
  child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@ekkasan/source', main], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...process.env,
      DATA_DIR: folder,
      PORT: '0',
      STATUS_SECONDS: '1',
      TRUSTED_ISSUERS: didKeyOf(publicJwkOf(known)),
    },
  })
  base = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
    createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).once('line', (line) =>
      resolve(JSON.parse(line).address),
    )
  })
  token = readFileSync(join(folder, 'api-token'), 'utf8').trim()
  const answer = (await (await fetch(`${base}/instances`)).json()) as { instances: typeof instances }
  instances = answer.instances
}, 30_000)

afterAll(async () => {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  rmSync(folder, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly type: string | null
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into member by member
  readonly body: any
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await fetch(`${base}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() }
}

const known = await generateJwk('ES256')
const knownDid = didKeyOf(publicJwkOf(known))
const knownSigner = await signerFromJwk(known, { kid: didKeyUrlOf(publicJwkOf(known)) })
const stranger = await generateJwk('ES256')

const context = 'https://www.w3.org/ns/credentials/v2'
const credential = {
  '@context': [context],
  type: ['VerifiableCredential'],
  credentialSubject: { id: 'did:example:subject', name: 'สมชาย' },
} satisfies JsonObject
const issued = async (name = 'eddsa-rdfc-2022', change: JsonObject = {}, options?: JsonObject) =>
  (await post(`/instances/${name}/credentials/issue`, { credential: { ...credential, ...change }, options }))
    .body.verifiableCredential
const verify = (verifiableCredential: unknown, options?: JsonObject) =>
  post('/credentials/verify', { verifiableCredential, options })
const types = ({ body }: Answer) => body.problemDetails?.map(({ type }: { type: string }) => type)
const titles = ({ body }: Answer) => body.problemDetails?.map(({ title }: { title: string }) => title)

describe('POST /credentials/issue', () => {
  it('secures a credential with every instance, and each verifies', async () => {
    const names = instances.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['eddsa-rdfc-2022', 'ecdsa-jcs-2019-p384', 'vc-jwt', 'vc-cose', 'bbs-2023']),
    )
    for (const { name, did } of instances) {
      const answer = await post(`/instances/${name}/credentials/issue`, {
        credential: { ...credential, id: `urn:example:${name}` },
      })
      expect([name, answer.status, answer.type]).toEqual([name, 201, 'application/json'])
      const secured = answer.body.verifiableCredential
      const isEnveloped = secured.type === 'EnvelopedVerifiableCredential'
      if (!isEnveloped) expect(secured.issuer).toBe(did)
      const isBase = name.startsWith('ecdsa-sd') || name.startsWith('bbs')
      const shown = isBase
        ? (
            await post('/credentials/derive', {
              verifiableCredential: secured,
              options: { selectivePointers: ['/issuer', '/credentialSubject'] },
            })
          ).body
        : secured
      expect([name, (await verify(shown)).body]).toEqual([name, { verified: true }])
    }
  })

  it('has a first instance without a path of its own', async () => {
    const { status, body } = await post('/credentials/issue', { credential })
    expect([status, body.verifiableCredential.proof.cryptosuite]).toEqual([201, 'eddsa-rdfc-2022'])
  })

  it('adds the context that defines the proof to a credential of the data model 1.1 (Data Integrity 2.4.2)', async () => {
    const old = {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential'],
      issuanceDate: '2026-01-01T00:00:00Z',
      credentialSubject: { id: 'did:example:subject' },
    }
    const { body } = await post('/credentials/issue', { credential: old })
    expect(body.verifiableCredential['@context']).toEqual([
      'https://www.w3.org/2018/credentials/v1',
      'https://w3id.org/security/data-integrity/v2',
    ])
    expect((await verify(body.verifiableCredential)).status).toBe(200)
  })

  it('is for who has the token', async () => {
    for (const path of [
      '/credentials/issue',
      '/credentials/derive',
      '/credentials/status',
      '/presentations',
    ]) {
      for (const authorization of ['', 'Bearer wrong', `Basic ${token}`]) {
        expect([path, (await post(path, { credential }, { authorization })).status]).toEqual([path, 401])
      }
    }
  })

  it.each<[string, unknown, number, string]>([
    ['another issuer', { credential: { ...credential, issuer: knownDid } }, 400, 'PARSING_ERROR'],
    ['no credential', {}, 400, 'PARSING_ERROR'],
    ['a list', [credential], 400, 'PARSING_ERROR'],
    ['what is not JSON', '{', 400, 'PARSING_ERROR'],
    ['a member twice', '{"credential":{},"credential":{}}', 400, 'PARSING_ERROR'],
    ['no subject', { credential: { ...credential, credentialSubject: {} } }, 400, 'vcdm.subject.empty'],
    [
      'a term without meaning',
      { credential: { ...credential, credentialSubject: { shoe: 44 } } },
      400,
      'data-integrity.json-ld.undefined-term',
    ],
    [
      'a context that is not known',
      { credential: { ...credential, '@context': [context, 'https://who.example/'] } },
      400,
      'data-integrity.context.unknown',
    ],
    ['a proof that is there already', { credential: { ...credential, proof: {} } }, 400, 'PARSING_ERROR'],
    ['an option that is not known', { credential, options: { fast: true } }, 400, 'UNKNOWN_OPTION_PROVIDED'],
    [
      'an option of another form',
      { credential, options: { mandatoryPointers: '/issuer' } },
      400,
      'PARSING_ERROR',
    ],
    [
      'a pointer to nothing',
      { credential, options: { mandatoryPointers: ['/nothing'] } },
      400,
      'data-integrity.pointer.not-found',
    ],
  ])('refuses %s', async (_what, body, status, title) => {
    const name = JSON.stringify(body).includes('/nothing') ? '/instances/ecdsa-sd-2023' : ''
    const answer = await post(`${name}/credentials/issue`, body)
    expect([answer.status, answer.body.title]).toEqual([status, title])
    expect(answer.body.type).toMatch(/^(https:|urn:)/)
  })

  it('refuses another media type, which a page of another origin could send, and more than a mebibyte', async () => {
    expect((await post('/credentials/issue', { credential }, { 'content-type': 'text/plain' })).status).toBe(
      415,
    )
    const answer = await post(
      '/credentials/issue',
      JSON.stringify({ credential, more: 'x'.repeat(1_048_576) }),
    )
    expect(answer.status).toBe(413)
  })
})

describe('POST /credentials/derive', () => {
  it('shows what is pointed to and what is mandatory', async () => {
    const base = await issued('ecdsa-sd-2023', {}, { mandatoryPointers: ['/issuer'] })
    const options = { selectivePointers: ['/credentialSubject/name'] }
    const { status, body } = await post('/credentials/derive', { verifiableCredential: base, options })
    expect([status, body.credentialSubject.name]).toEqual([201, 'สมชาย'])
    expect((await verify(body)).status).toBe(200)
    const unsaid = await verify(base)
    expect(titles(unsaid)).toEqual(['data-integrity.proof.value'])
    expect(types(unsaid)).toEqual(['https://w3id.org/security#PROOF_VERIFICATION_ERROR'])
  })

  it('hides nothing that a verifier judges the credential by', async () => {
    const over = {
      validFrom: '2020-01-01T00:00:00Z',
      validUntil: '2020-02-01T00:00:00Z',
      credentialStatus: {
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: '7',
        statusListCredential: 'https://status.example/1',
      },
    }
    for (const name of ['ecdsa-sd-2023', 'bbs-2023']) {
      const { body } = await post('/credentials/derive', {
        verifiableCredential: await issued(name, over, { mandatoryPointers: ['/credentialSubject/name'] }),
      })
      expect([name, body]).toMatchObject([name, over])
      expect([name, titles(await verify(body))]).toEqual([name, ['core.validity.ended']])
    }
  })

  it('refuses a credential without a base proof, and a pointer to nothing', async () => {
    const whole = await post('/credentials/derive', { verifiableCredential: await issued() })
    expect([whole.status, whole.body.title]).toEqual([400, 'data-integrity.structure.proof'])
    const base = await issued('ecdsa-sd-2023')
    const options = { selectivePointers: ['/credentialSubject/shoe'] }
    expect((await post('/credentials/derive', { verifiableCredential: base, options })).status).toBe(400)
  })
})

describe('POST /credentials/verify', () => {
  it('is open, and gives the credential and the problems where they are asked for', async () => {
    const secured = await issued()
    const options = { returnCredential: true, returnProblemDetails: true, returnResults: true }
    const { status, body } = await post(
      '/credentials/verify',
      { verifiableCredential: secured, options },
      { authorization: '' },
    )
    expect(status).toBe(200)
    expect(body).toEqual({
      verified: true,
      credential: secured,
      problemDetails: [],
      results: { proof: [{ verified: true, input: secured.proof }] },
    })
  })

  it('refuses a credential that was changed', async () => {
    for (const name of ['eddsa-rdfc-2022', 'eddsa-jcs-2022', 'ecdsa-rdfc-2019-p384']) {
      const answer = await verify({ ...(await issued(name)), id: 'urn:x:1' })
      expect([answer.status, answer.body.verified, titles(answer)]).toEqual([
        400,
        false,
        ['data-integrity.proof.signature'],
      ])
    }
    const envelope = await issued('vc-jwt')
    const answer = await verify({ ...envelope, id: `${envelope.id.slice(0, -4)}AAAA` })
    expect([answer.status, titles(answer)]).toEqual([400, ['keys.jws.signature']])
  })

  it('accepts an issuer that is listed, and no other', async () => {
    const signed = (jwk: typeof known) =>
      signerFromJwk(jwk, { kid: didKeyUrlOf(publicJwkOf(jwk)) }).then((signer) =>
        issueLdpVc({ signer, credential: { ...credential, issuer: didKeyOf(publicJwkOf(jwk)) } }),
      )
    expect((await verify(await signed(known))).status).toBe(200)
    const answer = await verify(await signed(stranger))
    expect([answer.status, titles(answer)]).toEqual([400, ['core.trust.not-listed']])
    expect(types(answer)).toEqual(['urn:ekkasan:problem:core.trust.not-listed'])
  })

  it('is never content with what it could not find out', async () => {
    const credentialStatus = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '1',
      statusListCredential: 'https://nobody.invalid/status',
    }
    const answer = await verify(await issued('eddsa-rdfc-2022', { credentialStatus }))
    expect(answer.body.verified).toBe(false)
    expect(answer.status).toBe(503)
    expect(types(answer)[0]).toBe('https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR')
  })

  it('refuses data that is over, and an envelope without a context', async () => {
    const validFrom = '2019-01-01T00:00:00Z'
    const validUntil = '2020-01-01T00:00:00Z'
    const told = await verify(await issued('eddsa-rdfc-2022', { validFrom, validUntil }), {
      returnResults: true,
    })
    expect(told.body.results).toMatchObject({
      validFrom: { verified: true, input: validFrom },
      validUntil: { verified: false, input: validUntil },
      proof: [{ verified: true }],
    })
    const over = await verify(await issued('eddsa-rdfc-2022', { validUntil: '2020-01-01T00:00:00Z' }))
    expect([over.status, titles(over)]).toEqual([400, ['core.validity.ended']])
    expect(types(over)).toEqual(['https://www.w3.org/TR/vc-data-model#RANGE_ERROR'])
    const bare = await verify({ ...(await issued('vc-jwt')), '@context': [] })
    expect([bare.status, titles(bare)]).toEqual([400, ['vc-jose-cose.structure.envelope']])
  })

  it('refuses an envelope that says something beside what is enveloped', async () => {
    const forged = { ...(await issued('vc-jwt')), credentialSubject: { id: 'did:example:other' } }
    const answer = await verify(forged, { returnCredential: true })
    expect([answer.status, titles(answer)]).toEqual([400, ['vc-api.structure.envelope']])
  })
})

describe('POST /credentials/status', () => {
  const update = (credentialId: string, status: boolean, statusPurpose = 'revocation') =>
    post('/credentials/status', {
      credentialId,
      credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose },
      status,
    })

  it('revokes for good, and the list says so', async () => {
    const secured = await issued('eddsa-rdfc-2022-status', {
      id: 'urn:uuid:0b5c6f4e-0001-4000-8000-000000000001',
    })
    expect((await verify(secured)).body).toEqual({ verified: true })
    const [entry] = secured.credentialStatus
    const list = await (await fetch(entry.statusListCredential)).json()
    expect(list.type).toContain('BitstringStatusListCredential')

    expect((await update(secured.id, true)).status).toBe(200)
    const fresh = await (await fetch(entry.statusListCredential)).json()
    expect(fresh.credentialSubject.encodedList).not.toBe(list.credentialSubject.encodedList)
    expect((await update(secured.id, false)).status).toBe(400)
  })

  it('suspends and takes it back', async () => {
    const { id } = await issued('eddsa-rdfc-2022-status', {
      id: 'urn:uuid:0b5c6f4e-0001-4000-8000-000000000002',
    })
    expect((await update(id, true, 'suspension')).status).toBe(200)
    expect((await update(id, false, 'suspension')).status).toBe(200)
  })

  it('refuses a revoked credential as soon as the list may be old', async () => {
    const secured = await issued('eddsa-rdfc-2022-status', {
      id: 'urn:uuid:0b5c6f4e-0001-4000-8000-000000000003',
    })
    expect((await verify(secured)).status).toBe(200)
    await update(secured.id, true)
    const refused = async () => {
      const answer = await verify(secured)
      return [answer.status, titles(answer)]
    }
    await expect.poll(refused, { interval: 50, timeout: 10_000 }).toEqual([400, ['core.status.revoked']])
  })

  it('takes no list of its own for that of another host at the same path', async () => {
    const credentialStatus = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '7',
      statusListCredential: 'https://other.invalid/status-lists/revocation/0',
    }
    const answer = await verify(await issued('eddsa-jcs-2022', { credentialStatus }))
    expect([answer.status, titles(answer)]).toEqual([503, ['core.resolve.unavailable']])
  })

  it('knows no other credential and no other purpose, and no id twice', async () => {
    expect((await update('urn:uuid:other', true)).status).toBe(404)
    const id = 'urn:uuid:0b5c6f4e-0001-4000-8000-000000000004'
    await issued('eddsa-rdfc-2022-status', { id })
    expect((await update(id, true, 'message')).status).toBe(404)
    const again = await post('/instances/eddsa-rdfc-2022-status/credentials/issue', {
      credential: { ...credential, id },
    })
    expect(again.status).toBe(400)
  })

  it('changes nothing where several entries could be meant', async () => {
    const id = 'urn:uuid:0b5c6f4e-0001-4000-8000-000000000005'
    const secured = await issued('eddsa-rdfc-2022-status', { id })
    for (const credentialStatus of [{}, { type: 'BitstringStatusListEntry' }]) {
      const answer = await post('/credentials/status', { credentialId: id, credentialStatus, status: true })
      expect([answer.status, answer.body.title]).toEqual([400, 'PARSING_ERROR'])
    }
    expect((await verify(secured)).status).toBe(200)
  })

  it('keeps no id of a credential that was not issued, and gives it to one of those who ask at once', async () => {
    const id = 'urn:uuid:0b5c6f4e-0001-4000-8000-000000000006'
    const issue = (change: JsonObject = {}) =>
      post('/instances/eddsa-rdfc-2022-status/credentials/issue', {
        credential: { ...credential, id, ...change },
      })
    expect((await issue({ undefinedTerm: 1 })).status).toBe(400)
    const answers = await Promise.all(Array.from({ length: 5 }, () => issue()))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400, 400])
  })

  it('gives no status to a credential that could not be named to change it', async () => {
    const answer = await post('/instances/eddsa-rdfc-2022-status/credentials/issue', { credential })
    expect([answer.status, answer.body.title]).toEqual([400, 'PARSING_ERROR'])
    const options = { credentialId: 'of-the-agency-1' }
    const secured = await issued('eddsa-rdfc-2022-status', {}, options)
    expect((await update(options.credentialId, true)).status).toBe(200)
    expect(secured.id).toBeUndefined()
  })

  it('puts no status of its own in the place of another', async () => {
    const credentialStatus = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '7',
      statusListCredential: 'https://status.example/1',
    }
    const answer = await post('/instances/eddsa-rdfc-2022-status/credentials/issue', {
      credential: { ...credential, id: 'urn:example:other', credentialStatus },
    })
    expect([answer.status, answer.body.title]).toEqual([400, 'PARSING_ERROR'])
  })
})

describe('POST /presentations and /presentations/verify', () => {
  const asked = { challenge: 'c-1', domain: 'verifier.example' }
  const verifyPresentation = (verifiablePresentation: unknown, options: JsonObject = asked) =>
    post('/presentations/verify', { verifiablePresentation, options })
  const presented = async (change: JsonObject = {}, options: JsonObject = asked) =>
    (
      await post('/presentations', {
        presentation: { '@context': [context], type: ['VerifiablePresentation'], ...change },
        options,
      })
    ).body.verifiablePresentation

  it('hold several credentials in several securings', async () => {
    const verifiableCredential = [await issued(), await issued('vc-jwt'), await issued('ecdsa-jcs-2019-p256')]
    const answer = await verifyPresentation(await presented({ verifiableCredential }), {
      ...asked,
      returnResults: true,
    })
    expect([answer.status, answer.body.verified]).toEqual([200, true])
    expect(answer.body.results.presentation.proof).toMatchObject([{ verified: true }])
    expect(answer.body.results.credentials).toMatchObject(Array(3).fill({ verified: true }))
  })

  it('hold sixteen credentials at most', async () => {
    const ids = Array.from({ length: 17 }, (_, index) => `urn:example:${index}`)
    const all = await Promise.all(ids.map((id) => issued('eddsa-jcs-2022', { id })))
    for (const [count, status] of [
      [16, 200],
      [17, 400],
    ] as const) {
      const vp = await presented({ verifiableCredential: all.slice(0, count) })
      expect((await verifyPresentation(vp)).status).toBe(status)
    }
  })

  it('hold sixteen proofs at most, however many credentials they are of', async () => {
    const one = await issued('eddsa-jcs-2022')
    const several = { ...one, proof: Array.from({ length: 8 }, () => one.proof) }
    const verifyOf = async (...verifiableCredential: JsonObject[]) => {
      const presentation = { '@context': [context], type: ['VerifiablePresentation'], verifiableCredential }
      const { body } = await post('/instances/eddsa-jcs-2022/presentations', { presentation })
      return verifyPresentation(body.verifiablePresentation, {})
    }
    expect((await verifyOf(several, several)).body).toEqual({ verified: true })
    expect(titles(await verifyOf(several, several, one))).toEqual(['vc-api.structure.credentials'])
  })

  it('hold a credential of the holder himself without a proof of its own', async () => {
    const own = { ...credential, issuer: instances[0]?.did as string }
    expect((await verifyPresentation(await presented({ verifiableCredential: [own] }))).status).toBe(200)
    const credentialSchema = { id: 'https://localhost/schema', type: 'JsonSchema' }
    const unmet = await presented({ verifiableCredential: [{ ...own, credentialSchema }] })
    expect(titles(await verifyPresentation(unmet))).toEqual(['core.resolve.invalid'])
    const foreign = await post('/presentations', {
      presentation: {
        '@context': [context],
        type: ['VerifiablePresentation'],
        verifiableCredential: [{ ...own, issuer: knownDid }],
      },
    })
    expect([foreign.status, foreign.body.title]).toEqual([400, 'vcdm.credential.unsecured'])
  })

  it.each<[string, JsonObject, string]>([
    ['another challenge', { ...asked, challenge: 'c-2' }, 'data-integrity.proof.challenge'],
    ['another domain', { ...asked, domain: 'other.example' }, 'data-integrity.proof.domain'],
  ])('are refused where %s was asked for', async (_what, options, title) => {
    const answer = await verifyPresentation(await presented(), options)
    expect([answer.status, titles(answer)]).toEqual([400, [title]])
  })

  it('are refused where one credential is', async () => {
    const wrong = { ...(await issued('eddsa-jcs-2022')), id: 'urn:x:1' }
    const answer = await verifyPresentation(
      await presented({ verifiableCredential: [await issued(), wrong] }),
    )
    expect([answer.status, titles(answer)]).toEqual([400, ['data-integrity.proof.signature']])
  })

  it('are refused where another than the holder signed', async () => {
    const document = {
      '@context': [context],
      type: ['VerifiablePresentation'],
      holder: instances[0]?.did as string,
    }
    const secured = await addProof({
      document,
      signer: knownSigner,
      proofPurpose: 'authentication',
      ...asked,
    })
    const answer = await verifyPresentation(secured)
    expect([answer.status, titles(answer)]).toEqual([400, ['keys.holder.mismatch']])
  })

  it('are enveloped, and then ask for both challenge and domain', async () => {
    const subject = { ...credential, credentialSubject: { id: knownDid, name: 'สมชาย' } }
    const { body } = await post('/instances/vc-jwt/credentials/issue', { credential: subject })
    const jwt = body.verifiableCredential.id.split(',')[1]
    const binding = { clientId: asked.domain, nonce: asked.challenge }
    const vp = await presentVpJwt({ credentials: [jwt], holder: knownSigner, binding })
    const envelope = {
      '@context': [context],
      type: 'EnvelopedVerifiablePresentation',
      id: `data:application/vp+jwt,${vp}`,
    }
    expect((await verifyPresentation(envelope)).body).toEqual({ verified: true })
    const other = await verifyPresentation(envelope, { ...asked, challenge: 'c-2' })
    expect([other.status, titles(other)]).toEqual([400, ['keys.holder.nonce-mismatch']])
    expect((await verifyPresentation(envelope, { challenge: 'c-1' })).status).toBe(400)
    const more = await verifyPresentation({ ...envelope, verifiableCredential: [credential] })
    expect([more.status, titles(more)]).toEqual([400, ['vc-api.structure.envelope']])
  })

  it('are made for the holder that the instance is', async () => {
    const presentation = { '@context': [context], type: ['VerifiablePresentation'], holder: knownDid }
    expect((await post('/presentations', { presentation })).status).toBe(400)
  })
})

it('keeps its keys and its token to its owner', () => {
  for (const name of [
    'api-token',
    'keys/EdDSA.json',
    'keys/ES256.json',
    'keys/ES384.json',
    'keys/BBS.json',
  ]) {
    expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600])
  }
})

it('knows no other path', async () => {
  expect((await post('/credentials', {})).status).toBe(404)
  expect((await fetch(`${base}/status-lists/revocation/77`)).status).toBe(404)
})
