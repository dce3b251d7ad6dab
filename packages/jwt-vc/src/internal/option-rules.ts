import {
  anyRule,
  bindingRule,
  functionRule,
  type OptionRules,
  objectRule,
  optional,
  signerRule,
  verifyingRules,
} from '@ekkasan/core/options'
import { contentRule } from '@ekkasan/vcdm'
import type {
  IssueJwtVcOptions,
  PresentJwtVpOptions,
  VerifyJwtVcOptions,
  VerifyJwtVpOptions,
} from '../types.ts'

// What is misspelt would be left out: a status, a check.

export const issueRules: OptionRules<IssueJwtVcOptions> = {
  signer: signerRule,
  credential: objectRule,
  status: optional(objectRule),
  holderJwk: optional(objectRule),
}

export const presentRules: OptionRules<PresentJwtVpOptions> = {
  credential: anyRule,
  holder: signerRule,
  binding: bindingRule,
  clock: optional(functionRule),
}

/** A credential alone is bound to nobody: the one object that serves presentations too may say to what those are. */
export const verifyRules: OptionRules<VerifyJwtVcOptions & Partial<Pick<VerifyJwtVpOptions, 'binding'>>> = {
  binding: optional(bindingRule),
  ...verifyingRules,
  content: optional(contentRule),
}

export const verifyPresentationRules: OptionRules<VerifyJwtVpOptions> = {
  ...verifyRules,
  resolveDid: functionRule,
  binding: bindingRule,
}
