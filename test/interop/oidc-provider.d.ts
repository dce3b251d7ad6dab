// The package has no types; these are of what the tests call.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  class Grant {
    constructor(of: { accountId: string; clientId: string })
    addResourceScope(resource: string, scope: string): void
    addOIDCScope(scope: string): void
    addRar(detail: object): void
    save(): Promise<string>
  }
  class PreAuthorizedCode {
    constructor(of: Readonly<Record<string, unknown>>)
    save(): Promise<string>
  }
  export default class Provider {
    constructor(issuer: string, configuration: object)
    readonly Grant: typeof Grant
    readonly PreAuthorizedCode: typeof PreAuthorizedCode
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    interactionDetails(
      request: IncomingMessage,
      response: ServerResponse,
    ): Promise<{ params: { client_id: string; authorization_details?: string } }>
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>
  }
}
