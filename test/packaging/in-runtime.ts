import './in-browser.ts'

// The same as in a page, on a runtime of servers.

interface Ekkasan {
  roles(): Promise<string[]>
  joseCose(): Promise<string[]>
  signatures(): Promise<string[]>
  fetched(base: string): Promise<string[]>
}

/** `base` is the address of a server to be asked. */
export async function run(base: string) {
  const { roles, joseCose, signatures, fetched } = (globalThis as unknown as { ekkasan: Ekkasan }).ekkasan
  return {
    signatures: await signatures(),
    joseCose: await joseCose(),
    roles: await roles(),
    fetched: await fetched(base),
  }
}
