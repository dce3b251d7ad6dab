import { utf8 } from '@ekkasan/core/bytes'
import { isJsonObject, parseJson } from '@ekkasan/core/json'
import { decrypterFromJwk, encryptJwe } from '@ekkasan/keys'
import {
  buildDcApiResponse,
  buildResponseForm,
  PresentationError,
  parseDcApiResponse,
  parseResponseForm,
  parseVpToken,
} from '@ekkasan/openid4vc'
import { fuzzKey } from '../keys.ts'
import { type FuzzTarget, insistSame, textOf, tryParse, tryVerify } from '../target.ts'

const { alg: _alg, ...encryptionKey } = { ...fuzzKey('recipient'), kid: 'e' }
const decrypter = decrypterFromJwk(encryptionKey)
const response = { vp_token: { a: ['eyJ.eyJ.AAAA~', { type: ['VerifiablePresentation'] }], b: ['x'] } }

export const target: FuzzTarget = {
  reads:
    'presentation responses: the form posted, its JWE, VP tokens, answers of the Digital Credentials API (@ekkasan/openid4vc)',
  async seeds() {
    const { publicJwk: recipient } = await decrypter
    const encryption = { recipient, enc: 'A256GCM' } as const
    const withState = { ...response, state: 's' }
    return [
      (await buildResponseForm(withState)).toString(),
      (await buildResponseForm(withState, encryption)).toString(),
      (await buildResponseForm({ error: 'access_denied', error_description: 'no', state: 's' })).toString(),
      JSON.stringify(await buildDcApiResponse(response)),
      JSON.stringify(await buildDcApiResponse(response, encryption)),
      JSON.stringify(withState),
    ]
  },
  async read(input) {
    const text = textOf(input)
    await readForm(text)
    const json = tryParse(() => parseJson(text, { maxDepth: 40 }), SyntaxError)
    if (!isJsonObject(json)) return
    for (const mode of ['dc_api', 'dc_api.jwt'] as const) {
      const answer = await tryVerify(
        async () => parseDcApiResponse(json, { mode, decrypter: await decrypter }),
        PresentationError,
      )
      if (answer && 'vp_token' in answer)
        insistSame(parseVpToken(answer.vp_token), answer.vp_token, 'a VP token is read as the same again')
    }
    tryParse(() => parseVpToken(json.vp_token), PresentationError)
    // As what a wallet has encrypted.
    const { publicJwk: recipient } = await decrypter
    const jwe = await encryptJwe(utf8(text), { recipient, enc: 'A128GCM' })
    await readForm(new URLSearchParams({ response: jwe }).toString())
  },
}

async function readForm(body: string): Promise<void> {
  for (const mode of ['direct_post', 'direct_post.jwt'] as const) {
    const options = { mode, state: 's', decrypter: await decrypter }
    const answer = await tryVerify(() => parseResponseForm(body, options), PresentationError)
    if (!answer || mode === 'direct_post.jwt') continue
    const again = await parseResponseForm((await buildResponseForm(answer)).toString(), options)
    insistSame(again, answer, 'an answer written anew is read as the same')
  }
}
