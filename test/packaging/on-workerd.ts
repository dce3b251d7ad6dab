import { run } from './in-runtime.ts'

export default {
  async fetch(): Promise<Response> {
    try {
      return Response.json(await run())
    } catch (error) {
      return new Response(String((error as Error).stack), { status: 500 })
    }
  },
}
