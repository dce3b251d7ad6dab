import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export interface BundledFile {
  readonly body: Uint8Array<ArrayBuffer>
  readonly contentType: string
}

export interface Bundle {
  /** By path, beginning with a slash; the path changes with the bytes. */
  readonly files: ReadonlyMap<string, BundledFile>
  readonly script: string
  readonly style: string
  /** Changes with any of the files: the service worker keeps one version at a time. */
  readonly version: string
}

const source = fileURLToPath(new URL('./browser', import.meta.url))

/** Makes the wallet's script and stylesheet for browsers, from the sources, once at start. */
export async function bundleWallet(): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${source}/main.tsx`, `${source}/wallet.css`],
    outdir: '/app',
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    conditions: ['@ekkasan/source'],
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx/dom',
    absWorkingDir: source,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    legalComments: 'none',
    logLevel: 'warning',
  })
  const files = new Map<string, BundledFile>()
  for (const { path, contents } of outputFiles) {
    files.set(`/app/${path.slice(path.lastIndexOf('/') + 1)}`, {
      body: new Uint8Array(contents),
      contentType: path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
    })
  }
  const entry = (name: string) => {
    const found = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === name)
    const path = found?.[0]
    if (path === undefined) throw new Error(`the bundle lacks ${name}`)
    return `/app/${path.slice(path.lastIndexOf('/') + 1)}`
  }
  const version = createHash('sha256')
    .update([...files.keys()].sort().join('\n'))
    .digest('base64url')
    .slice(0, 12)
  return { files, script: entry('main.tsx'), style: entry('wallet.css'), version }
}
