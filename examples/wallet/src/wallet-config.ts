/** What the server tells the wallet in the page. */
export interface WalletConfig {
  /** Exact issuer identifiers: https URLs or DIDs. */
  readonly trustedIssuers: readonly string[]
  /** PEM of authorities that certify issuers of mdocs. */
  readonly trustedCertificates: readonly string[]
  /** Exact client identifiers, with their prefix. */
  readonly trustedVerifiers: readonly string[]
  /** Whether issuers and verifiers on this machine are asked by http. */
  readonly allowHttp: boolean
  /** Why everyone is trusted; for trials only. */
  readonly trustAnyone?: string
}
