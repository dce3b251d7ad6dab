import {
  anyRule,
  bindingRule,
  bytesRule,
  dateRule,
  functionRule,
  listRule,
  type OptionRule,
  type OptionRules,
  objectRule,
  oneOfRule,
  optional,
  optionsRule,
  portRule,
  signerRule,
  textRule,
  verifyingRules,
} from '@ekkasan/core/options'
import type { IssueMdocOptions } from '../issue.ts'
import type { PresentedDocument, PresentMdocOptions } from '../present.ts'
import type { VerifyMdocOptions } from '../verify.ts'

// What is misspelt would be left out: an end, a status, a check.

const isBytes = (value: unknown) => value instanceof Uint8Array

/** A request of OpenID4VP, or an encoded SessionTranscript of another kind. */
const transcriptRule: OptionRule = (value, path) => (isBytes(value) ? bytesRule : bindingRule)(value, path)

export const issueRules: OptionRules<IssueMdocOptions> = {
  signer: signerRule,
  docType: textRule,
  namespaces: objectRule,
  holderJwk: objectRule,
  validity: optionsRule<IssueMdocOptions['validity']>({
    from: optional(dateRule),
    until: dateRule,
    expectedUpdate: optional(dateRule),
  }),
  timeZone: optional(textRule),
  status: optional(objectRule),
  keyAuthorizations: optional(
    optionsRule<NonNullable<IssueMdocOptions['keyAuthorizations']>>({
      namespaces: optional(listRule(textRule)),
      elements: optional(objectRule),
    }),
  ),
  hashAlgorithm: optional(oneOfRule(['sha-256', 'sha-384', 'sha-512'])),
  clock: optional(functionRule),
  randomBytes: optional(functionRule),
}

export const presentedRules: OptionRules<PresentedDocument> = {
  credential: anyRule,
  disclose: listRule(anyRule),
  holder: (value, path) =>
    typeof value === 'object' && value !== null && 'agreement' in value
      ? optionsRule<{ readonly agreement: unknown; readonly readerKey: unknown }>({
          agreement: portRule('a KeyAgreement', ['agree']),
          readerKey: objectRule,
        })(value, path)
      : signerRule(value, path),
  deviceNamespaces: optional(objectRule),
}

export const presentRules: OptionRules<PresentMdocOptions> = { ...presentedRules, binding: transcriptRule }

export const verifyRules: OptionRules<VerifyMdocOptions> = {
  ...verifyingRules,
  binding: optional(transcriptRule),
  readerKey: optional(portRule('a KeyAgreement', ['agree'])),
  algorithms: optional(listRule(textRule, { least: 1 })),
}
