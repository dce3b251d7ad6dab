import './in-browser.ts'

// The same as in a page, on a runtime of servers.

interface Ekkasan {
  roles(): Promise<string[]>
  joseCose(): Promise<string[]>
  signatures(): Promise<string[]>
}

export async function run() {
  const { roles, joseCose, signatures } = (globalThis as unknown as { ekkasan: Ekkasan }).ekkasan
  return { signatures: await signatures(), joseCose: await joseCose(), roles: await roles() }
}
