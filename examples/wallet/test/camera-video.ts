import { encode } from 'uqr'

/** A film of one picture, a QR on white, as Chromium's fake camera takes it (YUV4MPEG2, 4:2:0). */
export function filmOfQr(text: string): Uint8Array {
  const [width, height] = [640, 480]
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const module = Math.floor(height / size)
  const luma = new Uint8Array(width * height).fill(235)
  for (let y = 0; y < size * module; y++) {
    for (let x = 0; x < size * module; x++) {
      if (data[Math.floor(y / module)]?.[Math.floor(x / module)]) luma[y * width + x] = 16
    }
  }
  const chroma = new Uint8Array((width * height) / 2).fill(128)
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, chroma])
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420\n`), frame, frame])
}
