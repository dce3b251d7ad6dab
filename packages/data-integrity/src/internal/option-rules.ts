import {
  anyRule,
  bindingRule,
  bytesRule,
  dateRule,
  expecting,
  functionRule,
  listRule,
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
import { contentRule } from '@ekkasan/vcdm'
import { cryptosuites } from '../cryptosuites.ts'
import type {
  AddProofOptions,
  DeriveProofOptions,
  IssueLdpVcOptions,
  PresentLdpVpOptions,
  VerifyLdpVcOptions,
  VerifyLdpVpOptions,
} from '../types.ts'
import type { VerifyProofsOptions } from '../verify-proofs.ts'
import { bbsFeatures } from './bbs-features.ts'

// What is misspelt would be left out: what has to be shown, an end, a check.

export const registryRule = portRule('a ContextRegistry, as createContextRegistry makes one', ['find'])

const featureRule = oneOfRule(Object.keys(bbsFeatures))
const textOrTextsRule = expecting(
  'a text or a list of texts',
  (value) =>
    typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string')),
)

export const addProofRules: OptionRules<AddProofOptions> = {
  document: objectRule,
  signer: signerRule,
  cryptosuite: optional(oneOfRule(Object.keys(cryptosuites))),
  verificationMethod: optional(textRule),
  proofPurpose: optional(textRule),
  created: optional((value, path) => {
    if (value !== 'omitted') dateRule(value, path)
  }),
  expires: optional(dateRule),
  domain: optional(textOrTextsRule),
  challenge: optional(textRule),
  nonce: optional(textRule),
  id: optional(textRule),
  previousProof: optional(textOrTextsRule),
  mandatoryPointers: optional(listRule(expecting('a JSON pointer', (value) => typeof value === 'string'))),
  featureOption: optional(featureRule),
  commitmentWithProof: optional(bytesRule),
  signerNymEntropy: optional(bytesRule),
  contexts: optional(registryRule),
  clock: optional(functionRule),
  randomBytes: optional(functionRule),
}

const { document: _document, proofPurpose: _proofPurpose, ...ofEveryProof } = addProofRules

export const issueRules: OptionRules<IssueLdpVcOptions> = {
  ...ofEveryProof,
  credential: objectRule,
  timeZone: optional(textRule),
}

const ofEveryVerification = {
  ...verifyingRules,
  content: optional(contentRule),
  contexts: optional(registryRule),
}

/** A credential alone is bound to nobody: the one object that serves presentations too may say to what those are. */
export const verifyRules: OptionRules<VerifyLdpVcOptions & Partial<Pick<VerifyLdpVpOptions, 'binding'>>> = {
  binding: optional(bindingRule),
  ...ofEveryVerification,
  showing: optional(
    optionsRule<NonNullable<VerifyLdpVcOptions['showing']>>({
      featureOption: optional(featureRule),
      presentationHeader: optional(bytesRule),
      nymDomain: optional(textRule),
    }),
  ),
}

export const verifyPresentationRules: OptionRules<VerifyLdpVpOptions> = {
  ...ofEveryVerification,
  resolveDid: functionRule,
  binding: bindingRule,
}

export const verifyProofsRules: OptionRules<VerifyProofsOptions> = {
  resolveDid: functionRule,
  proofPurpose: oneOfRule(['assertionMethod', 'authentication']),
  domain: optional(textRule),
  challenge: optional(textRule),
  contexts: optional(registryRule),
  clock: optional(functionRule),
}

export const presentRules: OptionRules<PresentLdpVpOptions> = {
  credential: anyRule,
  holder: signerRule,
  binding: bindingRule,
  pointers: optional(listRule(anyRule)),
  contexts: optional(registryRule),
  clock: optional(functionRule),
}

export const deriveRules: OptionRules<DeriveProofOptions> = {
  credential: anyRule,
  pointers: listRule(anyRule),
  presentationHeader: optional(bytesRule),
  secrets: optional(objectRule),
  nymDomain: optional(textRule),
  contexts: optional(registryRule),
  randomBytes: optional(functionRule),
}
