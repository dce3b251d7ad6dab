import type { DcApiHolderProtocol, DcApiRequest } from '@ekkasan/core'
import { parseJsonObject } from '@ekkasan/core/json'
import { jwkThumbprint } from '@ekkasan/keys'
import {
  buildDcApiResponse,
  PresentationRequestError,
  parseDcqlQuery,
  responseEncryption,
  type VerifiedDcApiRequest,
  verifyDcApiRequest,
} from '@ekkasan/openid4vc'
import type { PresentingContext } from './context.ts'
import { listKeptCredentials } from './kept-credential.ts'
import { consider, type ReadRequest, requestedTransactions, shownNames, shownTrust } from './request.ts'
import type { ReceivedRequest } from './types.ts'

type AskedByPage = DcApiRequest & { readonly origin: string }

/**
 * Reads a request that came through the Digital Credentials API (OpenID4VP Appendix A). Nobody is told when it is
 * refused: that would be before the person was asked.
 * @throws PresentationRequestError, ResolveError, and what another protocol throws
 */
export async function openDcApiRequest(
  context: PresentingContext,
  { protocol, data, origin }: AskedByPage,
): Promise<ReadRequest> {
  const asked = { protocol, origin, data: strict(data) }
  const other = context.dcApiProtocols?.find((known) => known.protocol === protocol)
  return other ? openOther(context, other, asked) : openOpenId4Vp(context, asked)
}

async function openOpenId4Vp(context: PresentingContext, asked: AskedByPage): Promise<ReadRequest> {
  const { protocol, origin } = asked
  const { readCertificate, resolveDid, clock } = context
  const { request, clients } = await verifyDcApiRequest(asked, {
    origin,
    clock,
    ...(readCertificate && { readCertificate }),
    ...(resolveDid && { resolveDid }),
  })
  const encryption = responseEncryption(request)
  return consider(context, {
    verifier: await askedBy(context, clients, origin),
    query: request.dcql_query,
    transactions: requestedTransactions(context, request),
    binding: {
      // The audience is the origin, also of a signed request (Appendix A.4).
      clientId: `origin:${origin}`,
      origin,
      nonce: request.nonce,
      ...(encryption && { encryptionKeyThumbprint: jwkThumbprint(encryption.recipient) }),
    },
    answer: async (response) => ({
      dcApiResponse: { protocol, data: await buildDcApiResponse(response, encryption) },
    }),
  })
}

async function openOther(
  context: PresentingContext,
  other: DcApiHolderProtocol,
  { protocol, data, origin }: AskedByPage,
): Promise<ReadRequest> {
  const session = { request: data, origin }
  const held = (await listKeptCredentials(context.store)).map(({ view }) => view)
  const { query: asked, sessionTranscript, clients = [] } = await other.read(session, held)
  const query = parseDcqlQuery(asked)
  return consider(context, {
    verifier: await askedBy(context, clients, origin),
    query,
    transactions: [],
    binding: { clientId: `origin:${origin}`, origin, nonce: '', sessionTranscript },
    async answer(response) {
      if ('error' in response) return {}
      const presentations = Object.values(response.vp_token).flat()
      const answer = await other.answer(presentations as Parameters<typeof other.answer>[0], session)
      return { dcApiResponse: { protocol, data: answer } }
    },
  })
}

/** Of those who signed the first who is trusted, else the first; of a page that nobody signed for, its origin. */
async function askedBy(
  { isTrusted }: PresentingContext,
  clients: readonly Pick<VerifiedDcApiRequest['clients'][number], 'clientId' | 'x5c' | 'name'>[],
  origin: string,
): Promise<ReceivedRequest['verifier']> {
  const candidates = clients.length > 0 ? clients : [{ clientId: `origin:${origin}` }]
  const shown: ReceivedRequest['verifier'][] = []
  for (const { clientId, x5c, name } of candidates) {
    const trust = await isTrusted({ role: 'verifier', id: clientId, ...(x5c && { x5c }) })
    shown.push({ clientId, origin, names: shownNames(name), ...shownTrust(trust) })
    if (trust.trusted === true) break
  }
  return shown.find(({ trusted }) => trusted) ?? (shown[0] as ReceivedRequest['verifier'])
}

/** What was parsed by others keeps the bounds of what is parsed here. */
function strict(data: unknown): DcApiRequest['data'] {
  try {
    return parseJsonObject(JSON.stringify(data) ?? '', { maxLength: 524_288 })
  } catch (cause) {
    throw new PresentationRequestError('openid4vc.request.malformed', 'not an acceptable request', { cause })
  }
}
