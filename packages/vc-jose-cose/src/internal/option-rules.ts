import {
  anyRule,
  bindingRule,
  dateRule,
  functionRule,
  integerRule,
  listRule,
  type OptionRules,
  objectRule,
  oneOfRule,
  optional,
  signerRule,
  textRule,
  verifyingRules,
} from '@ekkasan/core/options'
import { frameRule } from '@ekkasan/sd-jwt'
import { contentRule } from '@ekkasan/vcdm'
import type {
  IssueVcOptions,
  IssueVcSdJwtOptions,
  PresentVcSdJwtOptions,
  PresentVpOptions,
  PresentVpSdJwtOptions,
  VerifyVcOptions,
  VerifyVcSdJwtOptions,
  VerifyVpOptions,
} from '../types.ts'

// What is misspelt would be left out: a frame, a status, a check.

export const issueRules: OptionRules<IssueVcOptions> = {
  signer: signerRule,
  credential: objectRule,
  document: optional(objectRule),
  signatureUntil: optional(dateRule),
  holderJwk: optional(objectRule),
  status: optional(objectRule),
  timeZone: optional(textRule),
  clock: optional(functionRule),
}

export const issueSdJwtRules: OptionRules<IssueVcSdJwtOptions> = {
  ...issueRules,
  frame: optional(frameRule),
  decoys: optional(integerRule(0)),
  hashAlgorithm: optional(oneOfRule(['sha-256', 'sha-384', 'sha-512'])),
  randomBytes: optional(functionRule),
}

export const presentSdJwtRules: OptionRules<PresentVcSdJwtOptions> = {
  credential: anyRule,
  disclose: listRule(anyRule),
  binding: optional(bindingRule),
  holder: optional(signerRule),
  clock: optional(functionRule),
}

export const presentRules: OptionRules<PresentVpOptions> = {
  credentials: listRule(anyRule),
  holder: signerRule,
  binding: bindingRule,
  clock: optional(functionRule),
}

export const presentVpSdJwtRules: OptionRules<PresentVpSdJwtOptions> = {
  ...presentRules,
  frame: optional(frameRule),
}

/** A credential alone is bound to nobody: the one object that serves presentations too may say to what those are. */
export const verifyRules: OptionRules<VerifyVcOptions & Pick<VerifyVcSdJwtOptions, 'binding'>> = {
  binding: optional(bindingRule),
  ...verifyingRules,
  content: optional(contentRule),
}

export const verifySdJwtRules: OptionRules<VerifyVcSdJwtOptions> = {
  ...verifyRules,
  binding: optional(bindingRule),
}

export const verifyPresentationRules: OptionRules<VerifyVpOptions> = {
  ...verifyRules,
  resolveDid: functionRule,
  binding: bindingRule,
}
