import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Hono } from 'hono'

// The stylesheet, scripts, icon and fonts of the look, each under a URL that changes with its bytes.

export interface Asset {
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly contentType: string
}

const fonts = dirname(createRequire(import.meta.url).resolve('@fontsource/sarabun/package.json'))
const own = (name: string) => readFileSync(new URL(`./browser/${name}`, import.meta.url))
const contentTypes: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

const assets = new Map<string, Asset & { readonly hash: string }>()
const add = (name: string, bytes: Uint8Array) => {
  const body = new Uint8Array(bytes)
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12)
  const contentType = contentTypes[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  assets.set(name, { body, contentType, hash })
}

for (const weight of [400, 500, 600]) {
  for (const subset of ['thai', 'latin']) {
    const name = `sarabun-${subset}-${weight}-normal.woff2`
    add(name, readFileSync(join(fonts, 'files', name)))
  }
}
add('style.css', new TextEncoder().encode(`${fontFaces()}\n${own('style.css').toString('utf8')}`))
add('islands.js', own('islands.js'))
add('icon.svg', own('icon.svg'))

/** URL of one of the shared files. */
export function assetUrl(name: string): string {
  const asset = assets.get(name)
  if (!asset) throw new TypeError(`no such asset: ${name}`)
  return `/ui/${asset.hash}/${name}`
}

/** Serves the shared files; a program mounts it once: `app.route('/', uiAssets())`. */
export function uiAssets(): Hono {
  const app = new Hono()
  app.get('/ui/:hash/:name', (c) => {
    const asset = assets.get(c.req.param('name'))
    if (!asset || asset.hash !== c.req.param('hash')) return c.notFound()
    return c.body(asset.body as Uint8Array<ArrayBuffer>, 200, {
      'content-type': asset.contentType,
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
  return app
}

function fontFaces(): string {
  const css = [400, 500, 600].map((weight) => readFileSync(join(fonts, `${weight}.css`), 'utf8')).join('\n')
  const faces = css.match(/@font-face \{[^}]*\}/g) ?? []
  return faces
    .flatMap((face) => {
      const name = /sarabun-(?:thai|latin)-\d+-normal\.woff2/.exec(face)?.[0]
      if (name === undefined) return []
      return face.replace(/src: [^;]*;/, `src: url(${assetUrl(name)}) format('woff2');`)
    })
    .join('\n')
}
